"""Loops over plain arrays, compiled by numba. They know no snapshot.

Every kernel has one signature: C-contiguous arrays of fixed types, read-only where it
only reads. Callers check every index that comes from a file before they pass it in.
"""
