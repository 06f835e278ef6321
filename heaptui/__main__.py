"""`python -m heaptui`."""

from heaptui.cli import entry

entry()
