"""The spine of the desk: actions, timeline, undo, clocks, numbers, preferences. Other apps only add rows to it."""
