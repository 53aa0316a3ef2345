"""`python -m corsac.configuration schema`: prints the JSON Schema of `corsac.toml`.

Here: the command. Not here: the schema (`_schema.py`); `corsac lint` reads files.
Spec: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import argparse
import sys

from ._schema import schema_text


def main(arguments: list[str] | None = None) -> None:
    """Runs the command; `arguments`: a list of str, None for those of the process."""
    parser = argparse.ArgumentParser(
        prog="python -m corsac.configuration",
        description="corsac.toml, for editors.",
        epilog="Editors find it by a first line like\n  #:schema ./corsac.schema.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("schema", help="print the JSON Schema of corsac.toml")
    parser.parse_args(arguments)
    sys.stdout.write(schema_text())


if __name__ == "__main__":
    main()
