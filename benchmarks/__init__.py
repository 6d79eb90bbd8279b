"""Speeds that we state, each beside a named yardstick measured in the same run."""
