"""Snippets and logs that come with a message: fetched after commit, read like words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.slack import bodies
from tests.slack.town import Town
from tests.slack.workspace import MENTION

LOG = b"line\n" * 2_000 + b"AADSTS50173: The provided grant has expired due to it being revoked."


def snippet(slack: Town, id: str, raw: bytes, kind: str = "text/plain", **more: Any) -> bodies.Json:
    slack.api.files[id] = (raw, kind)
    return {
        "id": id,
        "name": "log.txt",
        "mimetype": kind,
        "filetype": "text",
        "mode": "snippet",
        "size": len(raw),
        "url_private": slack.api.file_url(id),
        "url_private_download": slack.api.file_url(id),
        **more,
    }


async def shares(slack: Town, *files: bodies.Json, text: str = "") -> str:
    await slack.workspace.says("U1", "D1", text, subtype="file_share", files=list(files))
    return "\n".join(it["text"] for it in await slack.thread("D1"))


async def test_a_pasted_log_is_read(slack: Town) -> None:
    assert "AADSTS50173" in await shares(slack, snippet(slack, "F1", LOG))


async def test_a_log_with_a_mention_in_a_channel(slack: Town) -> None:
    file = snippet(slack, "F1", LOG)

    await slack.workspace.says("U1", "C1", MENTION, subtype="file_share", files=[file])

    (answer,) = await slack.thread("C1")
    assert "AADSTS50173" in answer["text"]


async def test_a_file_of_another_workspace_is_looked_up(slack: Town) -> None:
    slack.api.files["F1"] = (LOG, "text/plain")

    assert "AADSTS50173" in await shares(slack, {"id": "F1", "file_access": "check_file_info"})


async def test_secrets_in_a_log_are_hidden(slack: Town) -> None:
    secret = b"client_secret=Q~8Q~abcdefghijklmnopqrstuvwxyz0123456\n"

    said = await shares(slack, snippet(slack, "F1", secret + LOG))

    assert "I hid" in said
    assert "abcdefghijklmnopqrstuvwxyz" not in said


@pytest.mark.parametrize(
    "file",
    [
        {"url_private_download": "https://evil.example/F1"},
        {"url_private_download": "http://127.0.0.1:1/F1"},
        {"kind": "application/pdf"},
        {"kind": "text/html"},
        {"kind": "application/octet-stream", "raw": bytes(range(256)) * 40},
    ],
    ids=repr,
)
async def test_what_cannot_be_read_is_said(slack: Town, file: dict[str, Any]) -> None:
    raw, kind = file.pop("raw", LOG), file.pop("kind", "text/plain")

    said = await shares(slack, snippet(slack, "F1", raw, kind, **file))

    assert "could not read that file" in said


async def test_no_more_is_read_than_of_a_message(slack: Town) -> None:
    endless = b"AADSTS50173 expired or revoked\n" + b"x " * 3_000_000

    said = await shares(slack, snippet(slack, "F1", endless))

    assert "AADSTS50173" in said
    assert "first 256 kB" in said


async def test_a_log_in_the_thread_needs_no_mention_while_a_case_is_open(slack: Town) -> None:
    root = await slack.workspace.says("U1", "C1", f"{MENTION} 401 Unauthorized")
    file = snippet(slack, "F1", LOG)

    await slack.workspace.says("U1", "C1", "", root["ts"], subtype="file_share", files=[file])
    assert "AADSTS50173" in (await slack.thread("C1"))[-1]["text"]

    await slack.workspace.says("U1", "C1", f"{MENTION} start over", root["ts"])
    before = len(await slack.thread("C1"))
    await slack.workspace.says("U1", "C1", "", root["ts"], subtype="file_share", files=[file])
    assert len(await slack.thread("C1")) == before


async def test_pictures_are_no_text(slack: Town) -> None:
    said = await shares(slack, snippet(slack, "F1", b"\x89PNG", "image/png"))

    assert "cannot see pictures" in said
