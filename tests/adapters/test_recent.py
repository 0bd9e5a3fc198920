"""What is remembered for a while."""

from __future__ import annotations

from adapters.recent import Recent


def test_what_was_set_last_stays() -> None:
    known: Recent[str, int] = Recent(2)
    for name in ("a", "b", "a", "c"):
        known[name] = len(known)

    assert list(known) == ["a", "c"]
