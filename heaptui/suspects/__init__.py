"""What leaks, where it is held, and why."""
