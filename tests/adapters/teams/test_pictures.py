"""Pictures: fetched where Teams keeps them, posted as part of a message."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from aiohttp import web

from adapters.base import Gone, Place, ShowsPictures, TryLater, Unshown
from adapters.teams.activity import read
from adapters.teams.content import files
from adapters.teams.parse import parse
from dialogs.events import File, Said
from dialogs.replies import Picture, Say, pictured
from tests.adapters.teams import bodies
from tests.adapters.teams.conftest import World
from tests.adapters.teams.microsoft import Microsoft

PNG = b"\x89PNG\r\n\x1a\n and so on"
SHOT = Picture("shot.png", "image/png", PNG)
SAID = Say(text=("A file:",), facts=("shot.png",))


def pasted(teams: Microsoft, url: str = "") -> File:
    where = url or f"{teams.service}v3/attachments/0/views/original"
    return File("picture.png", {"url": where, "pasted": "yes"}, "picture")


async def test_a_pasted_picture_is_fetched_with_the_bots_token(world: World) -> None:
    world.teams.plan = [web.Response(body=PNG, content_type="application/octet-stream")]

    picture = await world.adapter.picture(pasted(world.teams))

    assert picture == Picture("picture.png", "image/png", PNG)
    assert world.teams.authorized == ["Bearer a-token"]


@pytest.mark.parametrize(
    ("url", "route"),
    [
        ("https://evil.example/x.png", {"pasted": "yes"}),
        ("https://smba.trafficmanager.net.evil.example/x", {"pasted": "yes"}),
        ("https://contoso.sharepoint.com/x.png", {"pasted": "yes"}),
        ("https://smba.trafficmanager.net/amer/x.png", {}),
        ("file:///etc/passwd", {}),
    ],
)
async def test_nothing_is_fetched_elsewhere(world: World, url: str, route: dict[str, str]) -> None:
    with pytest.raises(Gone, match="not read from"):
        await world.adapter.picture(File("x.png", {"url": url, **route}, "picture"))

    assert not world.teams.authorized, "and the token went nowhere"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(body=b"<svg/>", content_type="image/svg+xml"), Gone),
        (web.Response(body=PNG + bytes(6_000_000)), Gone),
        (web.Response(status=302, headers={"Location": "https://evil.example"}), Gone),
        (web.Response(status=503), TryLater),
    ],
    ids=["svg", "too-large", "moved", "away"],
)
async def test_what_is_no_picture_is_none(
    world: World, answer: web.Response, error: type[Exception]
) -> None:
    world.teams.plan = [answer]

    with pytest.raises(error):
        await world.adapter.picture(pasted(world.teams))


async def test_a_picture_is_part_of_the_message(world: World) -> None:
    await world.adapter.send(Place(world.here()), pictured(SAID, SHOT))

    ((_, _, body),) = world.teams.calls
    card, picture = body["attachments"]
    assert "A file:" in str(card)
    assert picture["contentType"] == "image/png"
    head, _, data = picture["contentUrl"].partition(",")
    assert head == "data:image/png;base64"
    assert b64decode(data) == PNG


@pytest.mark.parametrize(("status", "error"), [(413, Unshown), (400, Unshown), (429, TryLater)])
async def test_a_picture_that_is_refused_leaves_the_words(
    world: World, status: int, error: type[Exception]
) -> None:
    world.teams.plan = [status]

    with pytest.raises(error):
        await world.adapter.send(Place(world.here()), pictured(SAID, SHOT))


async def test_it_says_how_large_a_picture_may_be(world: World) -> None:
    assert isinstance(world.adapter, ShowsPictures)
    assert world.adapter.largest_picture == 1024 * 1024


UPLOAD = {
    "contentType": "application/vnd.microsoft.teams.file.download.info",
    "contentUrl": "https://contoso.sharepoint.com/personal/ann/shot.png",
    "name": "shot.png",
    "content": {"downloadUrl": "https://contoso.sharepoint.com/dl?t=1", "fileType": "png"},
}


def attached(*attachments: dict[str, Any]) -> tuple[File, ...]:
    return files(read(bodies.message(attachments=list(attachments))))


def test_an_uploaded_picture_has_a_link_without_anybodys_permission() -> None:
    (file,) = attached(UPLOAD)

    assert (file.name, file.kind) == ("shot.png", "picture")
    assert file.route == {"url": "https://contoso.sharepoint.com/dl?t=1"}
    assert file.link == "https://contoso.sharepoint.com/personal/ann/shot.png"


def test_a_link_elsewhere_is_none() -> None:
    (file,) = attached({**UPLOAD, "contentUrl": "https://evil.example/shot.png"})

    assert file.link == ""


def test_pasted_pictures_have_names_of_ours() -> None:
    one = {"contentType": "image/png", "contentUrl": "https://smba.trafficmanager.net/a/1"}
    other = {**one, "contentType": "image/*"}

    assert [file.name for file in attached(one, other)] == ["picture.png", "picture"]


def test_words_and_picture_are_one_event() -> None:
    pasted = {"contentType": "image/png", "contentUrl": "https://smba.trafficmanager.net/a/1"}

    said = parse(bodies.message("look", attachments=[pasted]))

    assert isinstance(said, Said)
    assert (said.text, said.pictures, len(said.files)) == ("look", 1, 1)
