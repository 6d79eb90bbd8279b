"""Alerts: rules on stories and sources, the chain of people they call, the channels they go out by."""
