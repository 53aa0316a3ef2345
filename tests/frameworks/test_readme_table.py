"""The README's table of frameworks is the one that was run.

Here: one comparison. Not here: how the table comes about (`table.py`).
"""

from table import shown, table, without_versions


def test_the_readme_shows_the_table_that_was_run() -> None:
    """All but the versions, which the packages' own releases change."""
    written = shown()

    assert written is not None, "the README has no marks for the table"
    assert without_versions(table()) == without_versions(written)
