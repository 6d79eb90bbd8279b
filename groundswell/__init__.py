"""Groundswell: the public-opinion desk of a public body."""

__version__ = "0.1.0"
