"""Every transcript on every platform is the same conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from bot.content import library
from bot.settings import Settings
from dialogs.events import Chose, Event, Said
from dialogs.library import Library
from tests.adapters.test_contract import PLATFORMS as ADAPTERS
from tests.parity import PLATFORMS
from tests.transcripts.play import FOLDER, Scene, play

TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def book() -> Library:
    return library(Settings(database="sqlite:///unused"))


def test_every_platform_takes_part() -> None:
    assert set(ADAPTERS) == set(PLATFORMS)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_says_the_same(file: Path, platform: str, book: Library) -> None:
    written = file.read_text("utf-8").splitlines()
    mouth = PLATFORMS[platform]
    scene = Scene(book, show=mouth.lines, heard=lambda event: _through(mouth, event, scene))

    played = play(written, scene)

    assert list(_words(played)) == list(_words(written))


def _through(mouth: ModuleType, event: Event, scene: Scene) -> Event:
    """Return what a person does as it arrives by way of the platform; all else as it is."""
    parse = import_module(f"adapters.{mouth.__name__.rpartition('.')[2]}.parse").parse
    match event:
        case Said(text=text) if text:
            heard = parse(mouth.said(text))
            assert isinstance(heard, Said)
            return replace(event, text=heard.text)
        case Chose(token=token, choice=choice):
            question = next(it for it in scene.asked if it.token == token)
            label = next(it.label for it in question.choices if it.id == choice)
            heard = parse(mouth.pressed(question, label))
            if isinstance(heard, Said):
                return _typed(event, heard, scene)
            assert isinstance(heard, Chose)
            return replace(event, token=heard.token, choice=heard.choice)
        case _:
            return event


def _typed(event: Chose, heard: Said, scene: Scene) -> Event:
    """Where presses are typed, nobody can answer an earlier question, nor somebody else's."""
    current = getattr(scene.state, "token", None) == event.token
    if not current or event.origin.user != "test:ann":
        return event
    return replace(heard, id=event.id, at=event.at, origin=event.origin)


def _words(lines: Sequence[str]) -> Iterator[str]:
    """Yield what is said, without what only some platforms can show: weight, quotes, gaps."""
    for whole in lines:
        for line in whole.split("\n"):
            head, _, said = line.rpartition("bot:  ") if line.startswith("bot:") else ("", "", line)
            text = " ".join(f"{head}{said}".replace("**", "").removeprefix("> ").split())
            if text not in ("", "bot:", "bot>presser:"):
                yield text
