"""What of a snapshot is the user's data, and how it is hidden: names needed for analysis stay, all else goes.

The strings of a file are sorted once (`survey`), by the tables of `vocabulary`, into those that are
kept and those of which a placeholder is shown; `redacting` writes such a file, `hiding` opens one so.
"""
