"""Every payload, out and in, against the types that Slack publishes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from adapters.pages import OpenCase
from adapters.slack import views
from adapters.slack.keys import Spot
from adapters.slack.manifest import FILE, manifest
from adapters.slack.render import render
from dialogs.replies import Ask, Choice, Link, Say
from tests.bot.program import ROOT
from tests.e2e.slack.slack_types import SlackType, slack_types
from tests.slack import bodies
from tests.slack.replies import EXTREMES, of_transcripts

SPOT = Spot("T1", "C1", "1764000000.000100", "U1")
TEMPLATE = (ROOT / "manifest/slack" / FILE).read_text("utf-8")
PAYLOADS = sorted((ROOT / "tests/adapters/payloads/slack").glob("*.json"))
_UNTYPED_EVENTS = {"deleted_with_a_thread", "files"}
"""A "tombstone" is no subtype that `@slack/types` knows; of a file it requires thirty fields, which
Slack itself leaves out for files of other workspaces."""
_UNTYPED = {"assistant:write", "agent_session_stopped"}
"""Names that docs.slack.dev has and `@slack/web-api` 8.2.0 has not: it lags behind."""

Json = dict[str, Any]


@pytest.fixture(scope="session")
def types() -> dict[str, SlackType]:
    return slack_types()


def test_all_that_the_bot_says(types: dict[str, SlackType]) -> None:
    said = [*of_transcripts(), *EXTREMES]

    assert len(said) > 500
    for reply in said:
        shown = render(reply, SPOT)
        assert len(shown["blocks"]) <= 50
        for block in shown["blocks"]:  # one by one: most of them were seen before
            alone = {**shown, "text": "x", "blocks": [block]}
            assert types["Message"].problem(alone) is None, block


def test_home_and_windows(types: dict[str, SlackType]) -> None:
    cases = [OpenCase(f"c{n}", "Title", "Step 1 of 3") for n in range(60)]
    links = {case.conversation: "https://t.slack.com/archives/C1/p1" for case in cases}
    looks = [reply for reply in of_transcripts() if type(reply) is Say]
    shown = [views.home(cases, links, str), views.home([], {}, str)]

    for view in (*shown, *(views.window([look], str) for look in looks)):
        assert len(view["blocks"]) <= 100
        for block in view["blocks"]:
            assert types["View"].problem({**view, "blocks": [block]}) is None, block


def test_how_a_case_stands(types: dict[str, SlackType]) -> None:
    for status in ("active", "suspended", "closed"):
        told = {"channel_id": "D1", "thread_ts": "1.1", "status": status}
        assert types["SetStatus"].problem(told) is None
    assert types["SetStatus"].problem({"status": "active"})


GOOD = render(
    Ask(
        text=("x **y**",),
        token="t",
        choices=(Choice("done", "Done"),),
        facts=("one", "two"),
        links=(Link("Open", "https://example.com"),),
    ),
    SPOT,
)


def _breaks() -> Iterator[tuple[str, Callable[[list[Json]], object]]]:
    yield "unknown block", lambda it: it[0].update(type="zzz")
    yield "unknown key", lambda it: it[1].update(colour="red")
    yield "eleven fields", lambda it: it[1]["fields"].extend([it[1]["fields"][0]] * 10)
    yield "long field", lambda it: it[1]["fields"][0].update(text="x" * 2001)
    yield "empty field", lambda it: it[1]["fields"][0].update(text="")
    yield "button of markup", lambda it: it[3]["elements"][0]["text"].update(type="mrkdwn")
    yield "long label", lambda it: it[3]["elements"][0]["text"].update(text="x" * 76)
    yield "long value", lambda it: it[3]["elements"][0].update(value="x" * 2001)
    yield "long address", lambda it: it[2]["elements"][0].update(url="x" * 3001)
    yield "many buttons", lambda it: it[3]["elements"].extend([it[3]["elements"][0]] * 25)
    yield "no style of that name", lambda it: it[3]["elements"][0].update(style="green")
    yield "text of no kind", lambda it: it[0]["elements"][0]["elements"][0].pop("type")
    yield "bold by another name", lambda it: it[0]["elements"][0].update(style={"bold": 1})


@pytest.mark.parametrize(("what", "harm"), list(_breaks()), ids=[what for what, _ in _breaks()])
def test_the_types_find_what_is_wrong(
    types: dict[str, SlackType], what: str, harm: Callable[[list[Json]], object]
) -> None:
    assert types["Message"].problem(GOOD) is None
    broken = copy.deepcopy(GOOD)

    harm(broken["blocks"])

    assert types["Message"].problem(broken), what


def _events() -> Iterator[tuple[str, Json]]:
    for file in PAYLOADS:
        body = json.loads(file.read_text("utf-8"))["body"]
        if body.get("type") == "event_callback" and file.stem not in _UNTYPED_EVENTS:
            yield file.stem, body["event"]
    said = bodies.message("U1", "C1", "x", "1764000000.000100")
    yield "message", said
    yield "mention", bodies.mention_of(said)
    yield "edited", bodies.edited(said, "y", "1764000001.000100")
    yield "deleted", bodies.deleted(said, "1764000001.000100")
    yield "home", bodies.home_opened("U1", "D1", "home")
    yield "stopped", bodies.stopped("U1", "D1", "1764000000.000100")


@pytest.mark.parametrize(("name", "event"), list(_events()), ids=[name for name, _ in _events()])
def test_what_the_tests_send_in_is_what_slack_sends(
    types: dict[str, SlackType], name: str, event: Json
) -> None:
    assert types["Event"].problem(event) is None, name


@pytest.mark.parametrize("url", ["https://bot.example.com", None])
def test_the_manifest_has_slacks_own_names(types: dict[str, SlackType], url: str | None) -> None:
    told = yaml.safe_load(manifest(TEMPLATE, url))
    for names in (
        told["oauth_config"]["scopes"]["bot"],
        told["settings"]["event_subscriptions"]["bot_events"],
    ):
        assert _UNTYPED & set(names)
        names[:] = [name for name in names if name not in _UNTYPED]

    assert types["AppManifest"].problem(told) is None


@pytest.mark.parametrize("name", ["chat:wirte", "app_mentoin", "agent_veiw"])
def test_a_misspelt_name_is_found(types: dict[str, SlackType], name: str) -> None:
    text = manifest(TEMPLATE, None)
    right = {"chat:wirte": "chat:write", "app_mentoin": "app_mention\n", "agent_veiw": "agent_view"}
    told = yaml.safe_load(text.replace(right[name], f"{name}\n" if "\n" in right[name] else name))

    assert types["AppManifest"].problem(told)


def test_the_recorded_payloads_are_there() -> None:
    assert len(PAYLOADS) > 30
