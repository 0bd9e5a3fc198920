"""Every conversation in tests/transcripts/people goes exactly as written."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from dialogs.library import load
from tests.transcripts.together import FOLDER, Stage, play

BOOK = load()


WRITTEN = {file.stem: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.txt"))}


@pytest.mark.parametrize("name", WRITTEN)
async def test_goes_as_written(name: str) -> None:
    written = WRITTEN[name].splitlines()

    played = await play(written, Stage(BOOK))

    difference = unified_diff(written, played, "written", "played", lineterm="", n=2)
    assert played == written, "\n".join(difference)


def test_every_story_is_told_in_both_languages() -> None:
    stories = {name.partition(".")[0] for name in WRITTEN}

    assert {f"{story}.{language}" for story in stories for language in ("en", "ko")} == {*WRITTEN}
