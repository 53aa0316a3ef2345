"""The core's own tests, so that one command runs everything.

Here: `cargo test`, without Python. Not here: what it tests (`vectors.rs`, `properties.rs`).
"""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(
    shutil.which("cargo") is None, reason="Rust is missing: https://rustup.rs"
)
def test_the_core_passes_its_tests():
    """Vectors, properties and the examples of the documentation, all in Rust."""
    run = subprocess.run(
        ["cargo", "test", "--locked"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == run.returncode, run.stdout + run.stderr
    assert "test result: ok." in run.stdout
