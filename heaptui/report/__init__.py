"""A view on standard output: as a table, JSON, CSV or Markdown."""
