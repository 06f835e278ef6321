"""`python -m heaptui`."""

import sys

from heaptui.cli import main

sys.exit(main())
