"""The statements of a turn: each is worded once, and several go to PostgreSQL in one message.

SQLAlchemy works out the values and the rows of a statement anew at each execution, which costs
several times what SQLite itself does. What every turn needs is therefore compiled once and given
to the driver as it is; what is rare goes through SQLAlchemy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import await_only

Row = Sequence[Any]
Values = Mapping[str, object]

_PLACE = re.compile(r"\$(\d+)")
_TELLS = re.compile(r"\s*SELECT\b|.*\bRETURNING\b", re.DOTALL)
_ARRAYS = {sa.Text: "text[]", sa.BigInteger: "bigint[]", sa.Integer: "integer[]"}


@dataclass(frozen=True, slots=True)
class _Wording:
    """A statement as one database's driver takes it."""

    sql: str
    names: tuple[str, ...]
    """Of its values, in their order."""
    fixed: Values
    """Values that are the same each time."""

    def in_order(self, values: Values) -> tuple[object, ...]:
        """Return `values` as the driver takes them."""
        fixed = self.fixed
        return tuple(values[name] if name in values else fixed[name] for name in self.names)


class Statement:
    """One statement, with names for its values."""

    def __init__(self, core: sa.ClauseElement, columns: Sequence[str] = ()) -> None:
        """`columns` are those that an `INSERT` fills, if it does not say so itself."""
        self._core = core
        self._columns = list(columns) or None
        self._wordings: dict[str, _Wording] = {}

    def worded(self, dialect: sa.Dialect) -> _Wording:
        """Return its wording for `dialect`."""
        if (known := self._wordings.get(dialect.name)) is None:
            known = self._wordings[dialect.name] = self._word(dialect)
        return known

    def _word(self, dialect: sa.Dialect) -> _Wording:
        compiled: Any = self._core.compile(dialect=dialect, column_keys=self._columns)
        binds = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        return _Wording(str(compiled), tuple(compiled.positiontup), binds)


class Rows(Statement):
    """An `INSERT` of any number of rows, which tells their ids: they count up in the same order."""

    def __init__(self, table: sa.Table, id: str, columns: Sequence[str]) -> None:
        super().__init__(sa.insert(table).returning(table.c[id]), columns)
        self._table, self._id, self._names = table, id, columns

    def _word(self, dialect: sa.Dialect) -> _Wording:
        if dialect.name != "postgresql":
            return super()._word(dialect)
        names = ", ".join(self._names)
        arrays = ", ".join(
            f"${n}::{_ARRAYS[type(self._table.c[name].type)]}"
            for n, name in enumerate(self._names, 1)
        )
        sql = (
            f"INSERT INTO {self._table.name} ({names})"  # noqa: S608 - names of our own
            f" SELECT {names} FROM unnest({arrays}) WITH ORDINALITY AS given({names}, place)"
            f" ORDER BY place RETURNING {self._id}"
        )
        return _Wording(sql, tuple(self._names), {})


Each = Values | Sequence[Values]
"""The values of a statement; those of each row for `Rows`."""
Step = tuple[Statement, Each]


def run(db: sa.Connection, statement: Statement, values: Each) -> Sequence[Row]:
    """Execute `statement` and return its rows, if it has any."""
    return together(db, (statement, values))[0]


def together(db: sa.Connection, *steps: Step) -> list[Sequence[Row]]:
    """Execute `steps` and return the rows of each.

    PostgreSQL is told all of it at once. None of them may need what another one does: there they
    have no order, and none sees what the others change.
    """
    if not steps:
        return []
    if db.dialect.name == "postgresql":
        return _at_once(db, steps)
    return [_in_turn(db, statement, values) for statement, values in steps]


def _in_turn(db: sa.Connection, statement: Statement, values: Each) -> Sequence[Row]:
    wording = statement.worded(db.dialect)
    driver: Any = db.connection.dbapi_connection
    each = [values] if isinstance(values, Mapping) else values
    found: list[Row] = []
    for one in each:
        found += driver.execute(wording.sql, wording.in_order(one)).fetchall()
    return found


def _at_once(db: sa.Connection, steps: Sequence[Step]) -> list[Sequence[Row]]:
    arguments: list[object] = []
    for statement, values in steps:
        wording = statement.worded(db.dialect)
        if isinstance(values, Mapping):
            arguments += wording.in_order(values)
        else:
            arguments += ([one[name] for one in values] for name in wording.names)
    wordings = tuple(statement.worded(db.dialect).sql for statement, _ in steps)
    driver: Any = db.connection.driver_connection
    found: Sequence[Row] = await_only(driver.fetch(_joined(wordings), *arguments))
    return [found] if len(steps) == 1 else list(found[0])


@cache
def _joined(wordings: tuple[str, ...]) -> str:
    """Return one statement that executes each of `wordings` and tells the rows of each."""
    if len(wordings) == 1:
        return wordings[0]
    parts, shift = [], 0
    for n, sql in enumerate(wordings):
        parts.append(f"s{n} AS ({_shifted(sql, shift)})")
        shift += len(set(_PLACE.findall(sql)))
    rows = ", ".join(map(_rows_of, range(len(wordings)), wordings))
    return f"WITH {', '.join(parts)} SELECT {rows}"


def _rows_of(number: int, sql: str) -> str:
    """Return what the rows of one of them are in the whole."""
    name = f"s{number}"
    tells = _TELLS.match(sql)
    return f"ARRAY(SELECT {name} FROM {name})" if tells else "ARRAY[]::text[]"  # noqa: S608


def _shifted(sql: str, shift: int) -> str:
    """Return `sql` with its values `shift` places further on."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + shift}", sql)
