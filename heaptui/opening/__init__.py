"""A file becomes a Heap in the way that was asked for.

Importing this package imports nothing heavy; `heaptui.opening.opening` does.
"""
