"""Lets the tests of this folder import what they share, as the servers do that they start.

Here: three places to import from. Not here: any fixture.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
PLACES = [HERE, HERE.parent, HERE.parent / "adapters"]

sys.path += [str(place) for place in PLACES if str(place) not in sys.path]
