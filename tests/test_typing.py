"""The types that users see are the types that run.

Here: mypy over the package and over uses of it, and the stub against the compiled module.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "arguments",
    [
        ["mypy", "--strict", str(ROOT / "tests" / "typing_api.py")],
        ["mypy", "--strict", "--package", "corsac"],
        ["mypy.stubtest", "corsac._core"],
    ],
    ids=["uses of the names", "the package itself", "the stub and the binary"],
)
def test_the_types_hold(arguments, tmp_path):
    """mypy finds nothing."""
    run = subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert 0 == run.returncode, run.stdout + run.stderr
