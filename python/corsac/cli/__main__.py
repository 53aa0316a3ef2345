"""`python -m corsac.cli`, the same as `corsac`.

Here: the call. Not here: the commands (`__init__.py`).
Spec: https://docs.python.org/3/library/__main__.html
"""

from . import main

if __name__ == "__main__":
    main()
