"""A file becomes a Snapshot: its columns as arrays, its strings decoded when asked for."""
