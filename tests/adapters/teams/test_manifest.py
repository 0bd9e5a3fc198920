"""The package for Teams: complete, within every limit, and its commands understood."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from adapters.manifests import UnfitError
from adapters.teams.manifest import FILES, check, package
from tests.adapters.teams.bodies import APP
from tests.adapters.teams.conftest import BOOK
from tests.bot.program import ROOT

FOLDER = ROOT / "manifest" / "teams"
TEMPLATES = {name: (FOLDER / name).read_bytes() for name in FILES}
KOREAN: dict[str, str] = json.loads(TEMPLATES["ko.json"])


def packed(*, read_all: bool = False) -> dict[str, bytes]:
    made = package(
        TEMPLATES,
        app_id=APP,
        public_url="https://bot.example.com/",
        version="1.2.3",
        read_all=read_all,
    )
    with ZipFile(BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(*, read_all: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packed(read_all=read_all)["manifest.json"])
    return found


def test_ids_and_address_are_filled_in() -> None:
    made = manifest()

    assert made["id"] == made["bots"][0]["botId"] == made["composeExtensions"][0]["botId"] == APP
    assert made["developer"]["privacyUrl"] == "https://bot.example.com/privacy"
    assert "{" not in json.dumps(made).replace('{"', "").replace("{ ", "")[1:].replace("{}", "")


def test_it_asks_for_no_more_than_it_needs() -> None:
    assert "authorization" not in manifest()
    assert "webApplicationInfo" not in manifest()
    assert manifest()["validDomains"] == []

    asked = manifest(read_all=True)
    names = [it["name"] for it in asked["authorization"]["permissions"]["resourceSpecific"]]
    assert names == ["ChannelMessage.Read.Group", "ChatMessage.Read.Chat"]
    assert asked["webApplicationInfo"]["id"] == APP


def test_every_command_is_understood_in_both_languages() -> None:
    for at, command in enumerate(manifest()["bots"][0]["commandLists"][0]["commands"]):
        for title in (
            command["title"],
            KOREAN[f"bots[0].commandLists[0].commands[{at}].title"],
        ):
            typed = BOOK.commands.read(title)
            assert typed.names or typed.language, title


def test_it_is_the_same_each_time() -> None:
    assert packed() == packed()


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("version",), "1.0", "version"),
        (("id",), "{app_id}", "id"),
        (("name", "short"), "x" * 31, "name.short"),
        (("description", "short"), "x" * 81, "description.short"),
        (("developer", "privacyUrl"), "http://bot.example.com", "privacyUrl"),
        (("accentColor",), "indigo", "accentColor"),
        (("bots", 0, "scopes"), ["everywhere"], "scopes"),
        (("bots", 0, "commandLists", 0, "commands", 0, "title"), "x" * 33, "title"),
        (("composeExtensions", 0, "commands", 0, "context"), ["compose"], "context"),
        (("validDomains",), ["*.example.com"], "validDomains"),
        (("misspelt",), 1, "misspelt"),
    ],
)
def test_what_teams_would_refuse_is_refused_here(
    path: tuple[str | int, ...], value: object, why: str
) -> None:
    broken: Any = deepcopy(manifest())
    part = broken
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value

    with pytest.raises(UnfitError, match=why):
        check(broken, KOREAN, TEMPLATES)


def test_a_missing_or_a_stray_translation_is_told() -> None:
    lacking = {key: text for key, text in KOREAN.items() if key != "name.full"}
    with pytest.raises(UnfitError, match=r"name\.full: missing"):
        check(manifest(), lacking, TEMPLATES)
    with pytest.raises(UnfitError, match="no such text"):
        check(manifest(), {**KOREAN, "bots[7].x": "y"}, TEMPLATES)


def test_a_wrong_icon_is_told() -> None:
    with pytest.raises(UnfitError, match="32 by 32"):
        check(manifest(), KOREAN, {**TEMPLATES, "outline.png": TEMPLATES["color.png"]})


def test_the_icons_are_the_ones_that_are_drawn(tmp_path: Path) -> None:
    copied = tmp_path / "draw_icons.py"
    copied.write_bytes((FOLDER / "draw_icons.py").read_bytes())

    subprocess.run([sys.executable, copied], check=True)

    for name in ("color.png", "outline.png"):
        drawn, kept = pixels((tmp_path / name).read_bytes()), pixels(TEMPLATES[name])
        assert len(drawn) == len(kept)
        # Another machine may round another way.
        assert all(abs(a - b) <= 2 for a, b in zip(drawn, kept, strict=True))


def test_the_outline_is_white_on_nothing() -> None:
    """Teams colours it: https://learn.microsoft.com/microsoftteams/platform/resources/schema"""
    rows = pixels(TEMPLATES["outline.png"])
    points = [
        rows[at : at + 4]
        for start in range(0, len(rows), 1 + 32 * 4)
        for at in range(start + 1, start + 1 + 32 * 4, 4)
    ]

    assert {bytes(point[:3]) for point in points} == {b"\xff\xff\xff"}
    assert {point[3] for point in points} >= {0, 255}


def pixels(png: bytes) -> bytes:
    """Return the rows of a picture whose data is in one piece, a filter byte before each."""
    at = png.index(b"IDAT")
    length = int.from_bytes(png[at - 4 : at])
    return zlib.decompress(png[at + 4 : at + 4 + length])
