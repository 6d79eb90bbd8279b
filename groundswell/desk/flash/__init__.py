"""Telephone first and flash reports."""
