"""Lets the tests of this folder import what they share.

Here: a place to import from. Not here: any fixture.
"""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)

if HERE not in sys.path:
    sys.path.append(HERE)
