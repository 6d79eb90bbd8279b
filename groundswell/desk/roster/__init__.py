"""Duty: the roster, swaps, the log of a shift, hand-over, the daily zero report."""
