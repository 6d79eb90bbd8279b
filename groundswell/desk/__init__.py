"""What the staff do all day: one Django app a workflow."""
