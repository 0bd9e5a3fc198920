"""Files between a requester and a desk in Slack: shown where they can be, spoken of where not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.town import PASTE, Town, town
from tests.slack.web_api import Trouble
from tests.slack.workspace import MENTION

HELP, DESK = "C1", "C9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, administrators="slack:U9") as running:
        await running.workspace.says("U9", DESK, f"{MENTION} desk here team support")
        await running.quiet()
        running.api.messages[DESK].clear()
        yield running


def file(slack: Town, id: str, raw: bytes = PNG, kind: str = "image/png", **more: Any) -> Json:
    slack.api.files[id] = (raw, kind)
    link = f"https://t.slack.com/files/U1/{id}/shot.png"
    url = slack.api.file_url(id)
    known = {"id": id, "name": "shot.png", "mimetype": kind, "permalink": link, "url_private": url}
    return {**known, **more}


async def handed_over(slack: Town) -> tuple[Json, Json]:
    said = await slack.workspace.says("U1", HELP, f"{MENTION} {PASTE}")
    (card,) = await slack.thread(HELP)
    await slack.workspace.presses("U1", HELP, card, "Talk to a person")
    await slack.quiet()
    (ticket,) = (it for it in slack.api.by_bot(DESK) if not it.get("thread_ts"))
    return said, ticket


async def sends(slack: Town, user: str, channel: str, root: Json, text: str, *files: Json) -> None:
    more = {"subtype": "file_share", "files": list(files)}
    await slack.workspace.says(user, channel, text, root["ts"], **more)
    await slack.quiet()


def words(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False)


def pictures(slack: Town, channel: str) -> list[bytes]:
    """Return the pictures that the bot has shown in `channel`, in order."""
    shown = [it for message in slack.api.by_bot(channel) for it in message.get("files", ())]
    return [slack.api.uploads[it["id"]] for it in shown]


async def test_a_picture_of_the_requesters_is_shown_below_the_card(slack: Town) -> None:
    said, card = await handed_over(slack)

    await sends(slack, "U1", HELP, said, "it says this", file(slack, "F1"))

    assert pictures(slack, DESK) == [PNG]
    last = slack.api.by_bot(DESK)[-1]
    assert last["thread_ts"] == card["ts"]
    assert last["files"][0]["title"] == "shot.png"
    assert "The requester sends a file" in words(last["blocks"])
    assert "Pictures are passed on as they are" in words(slack.api.by_bot(HELP)[-1])


async def test_a_picture_of_an_experts_reaches_the_requester(slack: Town) -> None:
    said, card = await handed_over(slack)

    await sends(slack, "U3", DESK, card, "funny", file(slack, "F1", PNG + b"1"))
    await sends(slack, "U3", DESK, card, "reply: press here", file(slack, "F2", PNG + b"2"))
    await sends(slack, "U3", DESK, card, "reply:", file(slack, "F3", PNG + b"3"))

    assert pictures(slack, HELP) == [PNG + b"2", PNG + b"3"], "side talk stays where it is"
    assert slack.api.by_bot(HELP)[-1]["thread_ts"] == said["ts"]
    assert pictures(slack, DESK) == [], "nothing comes back"


async def test_a_picture_sent_before_there_were_people_goes_along(slack: Town) -> None:
    said = await slack.workspace.says("U1", HELP, f"{MENTION} {PASTE}")
    await slack.quiet()
    await sends(slack, "U1", HELP, said, f"{MENTION} like this", file(slack, "F1"))

    await slack.workspace.says("U1", HELP, f"{MENTION} talk to a person", said["ts"])
    await slack.quiet()

    assert pictures(slack, DESK) == [PNG]
    assert "The files that you sent go along" in words(slack.api.by_bot(HELP))


async def test_text_arrives_as_words_without_its_secrets(slack: Town) -> None:
    _, card = await handed_over(slack)
    secret = "abcdefghijklmnopqrstuvwxyz0123456"
    log = f"line 1\nclient_secret=Q~8Q~{secret}\n".encode() + b"x\n" * 5000
    text = file(slack, "F1", log, "text/plain", name="error.log", mimetype="text/plain")

    await sends(slack, "U3", DESK, card, "reply: read this", text)

    told = words(slack.api.by_bot(HELP))
    assert "error.log" in told
    assert "line 1" in told
    assert "Only the beginning fits here" in told
    assert secret not in told + words(slack.api.by_bot(DESK))


@pytest.mark.parametrize(
    "changes",
    [
        {"url_private": "https://evil.example/x.png"},
        {"raw": b"<svg onload=alert(1)>", "kind": "image/svg+xml"},
        {"raw": PNG + bytes(6_000_000)},
        {"kind": "application/pdf"},
        {"kind": "video/mp4"},
    ],
    ids=["elsewhere", "svg", "too-large", "pdf", "video"],
)
async def test_what_cannot_be_shown_is_spoken_of_on_both_sides(
    slack: Town, changes: dict[str, Any]
) -> None:
    said, _ = await handed_over(slack)

    await sends(slack, "U1", HELP, said, "look", file(slack, "F1", **changes))

    desk = words(slack.api.by_bot(DESK)[-1])
    assert "I cannot show it here" in desk
    assert "shot.png" in desk
    assert "https://t.slack.com/files/U1/F1/shot.png" in desk
    assert "could not pass this file on" in words(slack.api.by_bot(HELP)[-1])
    assert pictures(slack, DESK) == []
    assert not slack.api.uploads


async def test_an_app_that_may_not_upload_passes_the_words_on(slack: Town) -> None:
    said, _ = await handed_over(slack)
    slack.api.troubles["files.getUploadURLExternal"] = [Trouble(error="missing_scope")]

    await sends(slack, "U1", HELP, said, "look", file(slack, "F1"))

    assert "I cannot show it here" in words(slack.api.by_bot(DESK)[-1])
    assert "could not pass this file on" in words(slack.api.by_bot(HELP)[-1])


async def test_a_picture_that_was_shared_unnoticed_is_not_shared_again(slack: Town) -> None:
    said, _ = await handed_over(slack)
    slack.api.upload_fails = [503]
    slack.api.troubles["files.completeUploadExternal"] = [Trouble(drops=True)]

    await sends(slack, "U1", HELP, said, "look", file(slack, "F1"))

    assert pictures(slack, DESK) == [PNG]
    assert "could not" not in words(slack.api.by_bot(HELP))


async def test_two_pictures_of_one_name_are_two_pictures_in_their_order(slack: Town) -> None:
    said, _ = await handed_over(slack)
    first, second = file(slack, "F1", PNG + b"1"), file(slack, "F2", PNG + b"2")

    await sends(slack, "U1", HELP, said, "", first, second)

    assert pictures(slack, DESK) == [PNG + b"1", PNG + b"2"]


async def test_a_link_that_is_not_slacks_own_is_no_button(slack: Town) -> None:
    said, _ = await handed_over(slack)
    odd = file(slack, "F1", kind="application/pdf", permalink="https://slack.com.evil.example/x")

    await sends(slack, "U1", HELP, said, "look", odd)

    assert "evil.example" not in words(slack.api.by_bot(DESK))


async def test_the_events_of_files_are_slacks(slack: Town) -> None:
    said = bodies.message("U1", HELP, "x", "1.1", subtype="file_share", files=[file(slack, "F1")])

    assert said["files"][0]["permalink"].startswith("https://t.slack.com/")
