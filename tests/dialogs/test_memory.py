"""What is remembered of runs, and which pieces a text holds."""

from __future__ import annotations

from dialogs.letters import Pieces
from dialogs.memory import Memory

LONG = "x" * 200


def test_a_run_is_looked_up_once() -> None:
    asked: list[str] = []

    def look_up(run: str) -> int:
        asked.append(run)
        return len(run)

    memory = Memory(look_up)
    assert list(memory.of(["flow", "failed", "flow"])) == [4, 6, 4]
    assert list(memory.of(["failed"])) == [6]
    assert asked == ["flow", "failed"]


def test_what_means_nothing_is_remembered_too() -> None:
    memory = Memory(lambda _: ())
    assert list(memory.of(["the"])) == [()]
    assert "the" in memory


def test_a_run_that_is_no_word_is_read_and_not_kept() -> None:
    memory = Memory(len)
    assert list(memory.of([LONG])) == [200]
    assert LONG not in memory


def test_memory_does_not_grow_without_end() -> None:
    memory = Memory(len)
    for number in range(120_000):
        assert memory[str(number)] == len(str(number))
    assert len(memory) <= 50_000


def test_pieces_are_found_with_and_without_a_mark() -> None:
    pieces = Pieces(["sig=", "code=", "token", "==", "pass"], marks="=")
    assert sorted(pieces.of("token code=1")) == ["code=", "token"]
    assert pieces.of("password") == ["pass"]
    assert pieces.of("a=b") == []
