"""The index: what was computed of a file, kept on disk, and mapped into memory when it is opened again.

From the ground up: `key` tells files apart, `flat` takes a heap apart into arrays and puts it
together again, `container` is the index file, `store` the folder they are kept in, and `keeping` what
opening a file does with all that.
"""
