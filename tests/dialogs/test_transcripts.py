"""Every conversation in tests/transcripts goes exactly as written."""

from __future__ import annotations

from difflib import unified_diff
from functools import cache
from pathlib import Path

import pytest

from dialogs.library import load
from dialogs.state import Fixed, Guiding, HandedOver, State
from tests.transcripts.play import FOLDER, BadTranscript, Scene, play

BOOK = load()
FILES = sorted(FOLDER.glob("*.txt"))


@cache
def scene_of(file: Path) -> tuple[list[str], list[str], Scene]:
    """Return what is written, what was played, and the scene at its end."""
    scene = Scene(BOOK)
    written = file.read_text("utf-8").splitlines()
    return written, play(written, scene), scene


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_goes_as_written(file: Path) -> None:
    written, played, _ = scene_of(file)

    difference = unified_diff(written, played, "written", "played", lineterm="", n=2)
    assert played == written, "\n".join(difference)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("cause", BOOK.causes)
def test_every_cause_is_played_to_each_of_its_endings(cause: str, language: str) -> None:
    endings = {
        ending for file in FILES for ending in _endings(scene_of(file)[2].visited, cause, language)
    }

    assert endings == {"fixed", "person"}


def _endings(visited: list[State], cause: str, language: str) -> set[str]:
    """Return the endings that were reached after a step of `cause` was asked."""
    guided, found = False, set()
    for state in visited:
        if state.language != language:
            continue
        if isinstance(state, Guiding):
            guided = state.cause == cause
        elif guided and isinstance(state, Fixed) and state.cause == cause:
            found.add("fixed")
        elif guided and isinstance(state, HandedOver):
            found.add("person")
    return found


def test_a_line_that_nobody_can_play_is_quoted() -> None:
    with pytest.raises(BadTranscript, match="nobody can play this line: usr: hello"):
        play(["usr: hello"], Scene(BOOK))


def test_a_missing_line_is_found() -> None:
    assert play(["user: (comes back)"], Scene(BOOK)) != ["user: (comes back)"]
