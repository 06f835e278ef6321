"""What is typed to choose objects: one small language for `--filter` and for the app.

    class:/Session/ retained>1MB -detached

`vocabulary` has its words, `parsing` its grammar, `terms` what a query is once it is read, and `choosing`
finds the objects that a heap has of it. Importing this package imports nothing heavy.
"""
