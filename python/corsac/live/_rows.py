"""Policies whose origins are rows of a database.

Here: `from_rows`, and `from_query` for drivers of Python's database interface.
Not here: drivers, when they are asked (`_reloader.py`), stores that change row by row
(`corsac.tenants`).
Spec: https://peps.python.org/pep-0249/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Protocol

from corsac import Policy, PolicyError, Problem

from ._words import cut


class Cursor(Protocol):
    """What a query needs of a cursor. https://peps.python.org/pep-0249/#cursor-objects"""

    def execute(self, sql: Any, parameters: Any, /) -> Any: ...
    def fetchall(self) -> Iterable[Any]: ...
    def close(self) -> Any: ...


class Connection(Protocol):
    """What a query needs of a connection. https://peps.python.org/pep-0249/#connection-objects"""

    def cursor(self) -> Any: ...
    def close(self) -> Any: ...


def from_rows(template: Policy, rows: Iterable[Any]) -> Policy:
    """The template with the origins of a query's rows in place of its own.

    `rows`: an iterable of str, or of rows whose only column is a str: tuples, lists, mappings, and
    the rows of sqlite3, psycopg and asyncpg.

    Raises `PolicyError` with every row that is no origin, and where there is no row at all: an
    empty table would shut out everybody. Warns with `PolicyWarning` as `Policy` does.
    Source: https://fetch.spec.whatwg.org/#origin-header
    """
    return _make_policy(template, [_read_row(row) for row in rows])


def _make_policy(template: Policy, origins: list[Any]) -> Policy:
    if not origins:
        message = "the query gives no row; with an empty table nobody would be allowed"
        problem = Problem(
            "prohibited-empty-origins", "allow_origins", None, [], message
        )
        raise PolicyError((problem,))
    try:
        return template.replace(allow_origins=origins)
    except PolicyError as error:
        raise PolicyError(tuple(map(_name_row, error.problems))) from None


def from_query(
    connect: Callable[[], Connection],
    sql: str,
    template: Policy,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
) -> Callable[[], Policy]:
    """A load for `reload` that asks a database for one column of origins.

    `connect`: a function that opens a connection of Python's database interface, like
    `lambda: psycopg.connect(dsn, connect_timeout=5)`; every load opens one and closes it, so a
    database that was away needs nothing to be reached again. `sql`: a str, the query, with
    `parameters` as the driver takes them. `template`: the `Policy` with everything else.

    The load raises what `from_rows` raises, and the driver's errors.
    Source: https://peps.python.org/pep-0249/
    """
    if not callable(connect) or hasattr(connect, "cursor"):
        raise TypeError(
            "give a function that opens a connection, like "
            f'lambda: sqlite3.connect("origins.db"), not a {type(connect).__name__}'
        )
    if not isinstance(template, Policy):
        raise TypeError(
            f"give a Policy as the template, not a {type(template).__name__}"
        )
    return _Query(connect, sql, template, parameters)


class _Query:
    def __init__(
        self,
        connect: Callable[[], Connection],
        sql: str,
        template: Policy,
        parameters: Sequence[Any] | Mapping[str, Any],
    ) -> None:
        self._connect = connect
        self._sql = sql
        self._template = template
        self._parameters = parameters
        #: The origins of the last policy; to compare them takes a hundredth of making it anew.
        self._kept: tuple[list[Any], Policy] | None = None

    def __call__(self) -> Policy:
        with (
            closing(self._connect()) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(self._sql, self._parameters)
            origins = [_read_row(row) for row in cursor.fetchall()]
        if self._kept is None or self._kept[0] != origins:
            self._kept = origins, _make_policy(self._template, origins)
        return self._kept[1]

    def __repr__(self) -> str:
        return f"from_query({cut(' '.join(self._sql.split()), 100)!r})"


def _read_row(row: Any) -> Any:
    """The one column of a row; what is no such row stays as it is, and is a problem."""
    if isinstance(row, (str, bytes)) or row is None:
        return row
    try:
        values = list(row.values() if isinstance(row, Mapping) else row)
    except TypeError:
        return row
    return values[0] if len(values) == 1 else row


def _name_row(problem: Problem) -> Problem:
    if problem.field != "allow_origins" or problem.index is None:
        return problem
    row = f"row {problem.index + 1:,} of the query"
    if problem.value is None:
        return replace(problem, message=f"{row} is NULL; write an origin")
    return replace(problem, message=f"{row}: {problem.message}")
