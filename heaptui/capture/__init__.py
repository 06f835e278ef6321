"""A running process becomes a file, through the V8 inspector.

Importing this package imports nothing heavy; its modules bring in the WebSocket client and, to check a
file, the reader.
"""
