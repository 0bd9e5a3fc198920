"""Files that do not come, platforms that show none, and what both sides hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.base import Place, Receipt, TryLater, Unshown
from dialogs.events import File
from dialogs.library import load
from dialogs.replies import Picture, Pictured, Reply
from tests.transcripts.together import Platform, Stage

BOOK = load()
HANDED_OVER = ("desk: #help", "user: AADSTS50173: expired or revoked", "user: [Talk to a person]")


class Stubborn(Platform):
    """Gives files, and takes pictures, only after so many tries."""

    def __init__(self, like: Platform, *, gives_after: int = 0, refuses: bool = False) -> None:
        super().__init__(like.name, like._lines, like._home)
        self.asked_for = 0
        self.gives_after = gives_after
        self.refuses = refuses
        self.pictures: list[str] = []

    async def fetch(self, file: File) -> str:
        self._give()
        return f"in {file.name}"

    async def picture(self, file: File) -> Picture:
        self._give()
        return await super().picture(file)

    def _give(self) -> None:
        self.asked_for += 1
        if self.asked_for <= self.gives_after:
            raise TryLater("away")

    async def send(self, place: Place, reply: Reply) -> Receipt:
        if isinstance(reply, Pictured):
            if self.refuses:
                raise Unshown("too large")
            self.pictures.append(reply.picture.name)
        return await super().send(place, reply)


async def heard(stage: Stage, *lines: str) -> list[str]:
    """Return all that is said while people say `lines`, retries included."""
    said: list[str] = []
    for line in lines:
        said += await stage.hear(line)
    return said + await stage.hear("(1 minute later)")


def lines_with(said: Sequence[str], text: str) -> int:
    return sum(text in line for line in said)


@pytest.mark.parametrize("tries", [1, 2])
async def test_a_file_that_comes_late_arrives_in_its_place(tries: int) -> None:
    stage = Stage(BOOK)
    stage.near = Stubborn(stage.near, gives_after=tries)
    await heard(stage, *HANDED_OVER)

    said = await heard(stage, "user: one (picture shot.png)", "user: two")

    order = [line for line in said if line in ("bot>desk: > one", "bot>desk: > two")]
    at = [said.index(it) for it in (*order, "bot>desk: (picture shot.png)")]
    assert order == ["bot>desk: > one", "bot>desk: > two"]
    assert at[0] < at[2] < at[1], "between what was said before and after it"
    assert lines_with(said, "(picture shot.png)") == 1
    assert lines_with(said, "could not pass") == 0


@pytest.mark.parametrize("what", ["picture shot.png", "file error.log"])
@pytest.mark.parametrize("who", ["user", "expert"])
async def test_a_file_that_never_comes_holds_nobody_up(who: str, what: str) -> None:
    stage = Stage(BOOK)
    side = "near" if who == "user" else "far"
    setattr(stage, side, Stubborn(getattr(stage, side), gives_after=1000))
    await heard(stage, *HANDED_OVER)

    said = await heard(stage, f"{who}: look ({what})", f"{who}: and go on")

    name = what.split()[1]
    assert lines_with(said, "cannot show it here") == 1
    assert lines_with(said, "> and go on") >= 1
    assert lines_with(said, "could not") == 1, "whoever sent it hears so, once"
    assert lines_with(said, name) >= 2


async def test_a_picture_that_is_refused_leaves_its_words() -> None:
    stage = Stage(BOOK)
    stage.far = Stubborn(stage.far, refuses=True)
    await heard(stage, *HANDED_OVER)

    said = await heard(stage, "user: look (picture shot.png)")

    assert lines_with(said, "cannot show it here") == 1
    assert lines_with(said, "could not pass this file on") == 1


async def test_a_picture_too_large_for_the_other_side_is_named() -> None:
    stage = Stage(BOOK)
    stage.far.largest_picture = 3
    await heard(stage, *HANDED_OVER)

    said = await heard(stage, "user: look (picture shot.png)")

    assert lines_with(said, "cannot show it here") == 1


async def test_a_send_that_fails_fetches_again_and_shows_it_once() -> None:
    stage = Stage(BOOK)
    stage.near = Stubborn(stage.near)
    stage.far = far = Stubborn(stage.far)
    await heard(stage, *HANDED_OVER)
    far.away = True
    await stage.hear("user: look (picture shot.png)")
    far.away = False

    said = await stage.hear("(1 hour later)")

    assert far.pictures == ["shot.png"]
    assert lines_with(said, "(picture shot.png)") == 1


class Blind:
    """A platform that neither gives files nor shows pictures."""

    def __init__(self, like: Platform) -> None:
        self._like = like
        self.name = like.name

    def __getattr__(self, name: str) -> Any:
        if name in ("fetch", "picture", "largest_picture"):
            raise AttributeError(name)
        return getattr(self._like, name)


@pytest.mark.parametrize("side", ["near", "far"])
async def test_where_there_are_no_files_both_sides_hear_so(side: str) -> None:
    stage = Stage(BOOK)
    setattr(stage, side, Blind(getattr(stage, side)))
    await heard(stage, *HANDED_OVER)

    said = await heard(stage, "user: look (picture shot.png)", "expert: here (picture red.png)")

    assert lines_with(said, "cannot show it here") == 2
    assert lines_with(said, "could not") == 2
