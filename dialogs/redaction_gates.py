"""Which rows of the tables may have something to find in a text: a cheap look before the search.

An ordinary message has none of the pieces that secrets are known by, and costs no more than looking
up its runs of letters, most of which were met before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from dialogs.letters import Pieces, lower
from dialogs.memory import Memory
from dialogs.redaction_table import NAMES, SHAPES, Name, Shape

_ROWS: tuple[Shape | Name, ...] = (*SHAPES, *NAMES)

_MARKS = (*'-:/=%\\_.~;"', "pass", "A")
"""What many gates have in common and few runs hold."""


class _Gate(NamedTuple):
    piece: str
    cased: bool
    row: int
    """The place of its row."""


def _gates() -> dict[str, list[_Gate]]:
    """Return the gates by what stands before the first space in each."""
    gates: dict[str, list[_Gate]] = {}
    for place, row in enumerate(_ROWS):
        for piece in row.gates:
            cased = isinstance(row, Shape) and not row.folded
            gates.setdefault(piece.split()[0], []).append(_Gate(piece, cased, place))
    return gates


_GATES = _gates()
_PIECES = Pieces(_GATES, _MARKS)


def _open(run: str) -> Sequence[_Gate]:
    """Return the gates that may be in a text with `run` between two of its spaces."""
    low = lower(run)
    every = (gate for piece in {*_PIECES.of(low), *_PIECES.of(run)} for gate in _GATES[piece])
    return tuple(gate for gate in every if gate.piece.split()[0] in (run if gate.cased else low))


_MEMORY = Memory(_open)


def candidates(text: str, low: str) -> list[Shape | Name]:
    """Return the rows worth a search, in the order of the tables: shapes, then names.

    `low` is `text` in lower case and of the same length.
    """
    gates = set(chain.from_iterable(_MEMORY.of(text.split())))
    places = {gate.row for gate in gates if gate.piece in (text if gate.cased else low)}
    return [_ROWS[place] for place in sorted(places)]
