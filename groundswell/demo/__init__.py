"""The demo county: a fictional county, one dated script of acts, and a small public web that shows it."""
