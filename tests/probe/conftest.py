"""Lets the tests of this folder import what they share.

Here: two places to import from. Not here: any fixture.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent

sys.path += [place for place in (str(HERE), str(HERE.parent)) if place not in sys.path]
