"""Whoever knocks without being Slack, and Slack when it is broken: refused, and never a 5xx."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest

from tests.slack import bodies
from tests.slack.town import Town
from tests.slack.workspace import SECRET, sign

RAW = json.dumps(bodies.envelope(bodies.message("U1", "D1", "secret-words", "1.1"))).encode()
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def _at(seconds: float, raw: bytes = RAW, secret: str = SECRET) -> Mapping[str, str]:
    stamp = str(int(time.time() + seconds))
    signed = sign(raw, stamp, secret)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}


FORGED: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "wrong signature": lambda: {"X-Slack-Signature": "v0=" + "0" * 64},
    "no signature": lambda: {"X-Slack-Signature": ""},
    "a signature in no ASCII": lambda: {"X-Slack-Signature": "v0=é"},
    "another secret": lambda: _at(0, secret="another secret"),
    "no timestamp": lambda: {"X-Slack-Request-Timestamp": ""},
    "a word": lambda: {"X-Slack-Request-Timestamp": "abc"},
    "digits of Arabic": lambda: {"X-Slack-Request-Timestamp": "١٢٣"},
    "a very long number": lambda: {"X-Slack-Request-Timestamp": "9" * 400},
    "a negative number": lambda: {"X-Slack-Request-Timestamp": "-5"},
    "an exponent": lambda: {"X-Slack-Request-Timestamp": "1e9"},
    "too old": lambda: _at(-900),
    "of the future": lambda: _at(+900),
}
"""Made when they are sent: what is of the future now is of today at the end of a long run."""


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("raw", [RAW, b"{no json", b"\xff\xfe", b'{"a":' * 20_000])
async def test_nobody_gets_in_without_slacks_signature(
    slack: Town,
    headers: Callable[[], Mapping[str, str]],
    raw: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    status, _ = await slack.workspace.post(raw, JSON, **headers())

    assert status == 401
    assert "secret-words" not in caplog.text
    assert not [person async for person in slack.store.people()]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", JSON),
        (b"{no json", JSON),
        (b"[1, 2]", JSON),
        (b"[]", JSON),
        (b"5", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"{}", JSON),
        (b"\xff\xfe{}", JSON),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, JSON),
        (b"[" * 100_000, JSON),
        (b"9" * 10_000, JSON),
        (b"payload=zzz", FORM),
        (b"payload=%5B1%5D", FORM),
        (b"payload=5", FORM),
        (b"", FORM),
        (b"\xff=\xff", FORM),
    ],
    ids=lambda it: repr(it[:12]),
)
async def test_signed_nonsense_is_refused_with_a_reason(slack: Town, raw: bytes, kind: str) -> None:
    status, said = await slack.workspace.post(raw, kind)

    assert status == 400
    assert json.loads(said)["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback"},
        {"type": "event_callback", "team_id": 5, "event": []},
        {"type": "event_callback", "team_id": "T1", "event": {"type": "message", "channel": {}}},
        {"type": ["x"]},
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": 5}},
        {
            "type": "event_callback",
            "authorizations": [{"team_id": []}],
            "event": {"type": "message"},
        },
        {"a": "x" * 100},
        bodies.envelope({**bodies.message("U1", "D1", "x", "1.1"), "ts": "9" * 50}),
        bodies.envelope({**bodies.message("U1", "D1", "x", "1.1"), "files": "x"}),
        bodies.envelope({**bodies.message("U1", "D1", "x", "1.1"), "user": "a:b"}),
    ],
    ids=lambda it: json.dumps(it)[:40],
)
async def test_signed_events_of_no_sense_do_nothing(slack: Town, body: bodies.Json) -> None:
    status, _ = await slack.workspace.post(json.dumps(body).encode(), JSON)

    assert status in (200, 400)
    assert not [person async for person in slack.store.people()]


async def test_what_is_too_large_is_cut_off(slack: Town) -> None:
    status, _ = await slack.workspace.post(BytesIO(b"x" * 10_000_000), JSON, **_at(0))

    assert status == 413


async def test_an_address_is_verified_when_the_app_is_set_up(slack: Town) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()

    assert (await slack.workspace.post(raw, JSON))[0] == 200
    assert "abc" in slack.workspace.answers[-1][1]
    assert (await slack.workspace.post(raw, JSON, **{"X-Slack-Signature": "v0=0"}))[0] == 401


async def test_a_replay_is_answered_and_does_nothing(slack: Town) -> None:
    said = bodies.envelope(bodies.message("U1", "D1", "AADSTS50173", slack.api.ts()))
    raw = json.dumps(said).encode()
    headers = _at(0, raw)

    for _ in range(3):
        assert (await slack.workspace.post(raw, JSON, **headers))[0] == 200

    assert len(await slack.thread("D1")) == 1


async def test_headers_that_bolt_obeys_do_not_reach_it(slack: Town) -> None:
    said = bodies.envelope(bodies.message("U1", "D1", "AADSTS50173", slack.api.ts()))
    lazy = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}

    assert (await slack.workspace.post(json.dumps(said).encode(), JSON, **lazy))[0] == 200
    assert len(await slack.thread("D1")) == 1


async def test_no_body_is_logged(slack: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await slack.workspace.says("U1", "D1", "secret-words AADSTS50173")
    await slack.workspace.event(bodies.envelope({"type": "zzz", "text": "secret-words"}))
    await slack.quiet()

    assert "secret-words" not in caplog.text
