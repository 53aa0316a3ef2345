"""`python -m corsac.explain`: the same as `corsac explain`, without any optional package.

Here: the way in. Not here: what is done (`command.py`).
Spec: https://docs.python.org/3/library/__main__.html
"""

import sys

from .command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
