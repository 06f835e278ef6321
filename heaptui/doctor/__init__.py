"""What could keep heaptui from working on this machine and in this terminal, and what to do about it."""
