"""Whatever people write, are called, or call their files and flows: it is shown as it is.

On every platform nobody is called by it, nothing becomes a link, and no word becomes bold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.console.render import render as console
from adapters.http.render import render as http
from adapters.slack.render import render as slack
from adapters.teams.elements import shown
from adapters.teams.render import Frame
from adapters.teams.render import render as teams
from dialogs.markup import runs
from dialogs.replies import Ask, Choice, Field, Reply, Row, Say, Settle
from dialogs.ticket import Answer, Assign, Claim, Claimed, Expert, Open, advance
from tests.dialogs.tickets import BOOK, KIM, by, requester, sheet

PIECES = (
    "@everyone",
    "@channel",
    "<!channel>",
    "<!here|here>",
    "<!subteam^S1|@team>",
    "<@U024BE7LH>",
    "<#C1|help>",
    "<https://evil.example|Open Connections>",
    "<at>Bob</at>",
    '<at id="0">everyone</at>',
    "**bold**",
    "*bold*",
    "_it_",
    "~no~",
    "`code`",
    "```block```",
    "[Open Connections](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    '<img src=x onerror="x">',
    "<b>bold</b>",
    "&lt;!channel&gt;",
    "&amp;lt;",
    "# heading",
    "> quote",
    ":tada:",
    "{{DATE(2026-11-22,SHORT)}}",
    "${expression}",
    "가나다 **굵게**",
    "| a | b |",
)
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), min_size=1, max_size=5).map(
    " ".join
)
MANY = settings(max_examples=150, deadline=None)


def showing(text: str) -> tuple[Reply, ...]:
    """Return replies that hold `text` wherever somebody's words may stand."""
    known = {"quote": text, "facts": (text, "x"), "rows": (Row("Who", text), Row("Files", text))}
    asked = Ask(
        text=("**Ours**",),
        token="FM-1",
        choices=(Choice("expert:x", text), Choice("claim", "Claim")),
        field=Field("To the requester", "Reply"),
        stays=True,
        **known,  # type: ignore[arg-type]
    )
    return (
        Say(text=("**Ours** and more",), facts_title="Read", **known),  # type: ignore[arg-type]
        asked,
        Settle(token="t", answer=text, by=f"slack:{text}", asked=asked),
    )


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside `value`."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from parts(each)


@MANY
@given(hostile)
def test_slack_interprets_nothing(text: str) -> None:
    for reply in showing(text):
        payload = slack(reply)

        assert not {"<", ">"} & set(payload["text"]), "what notifications show is escaped"
        assert payload.keys() == {"text", "blocks"}, "no parse, no link_names"
        for part in parts(payload["blocks"]):
            if part.get("type") == "mrkdwn":
                assert re.fullmatch(r"<@\w+>", part["text"]), "who answered, by their id"
            assert part.get("type") not in ("user", "usergroup", "broadcast", "link", "emoji")
            if part.get("style") == {"bold": True}:
                assert part["text"] in ("Ours", "Who: ", "Files: ")


@MANY
@given(hostile)
def test_teams_interprets_nothing(text: str) -> None:
    for reply in showing(text):
        card = teams(reply, Frame(requester="ann", by=text))

        kinds = {str(part.get("type")) for part in parts(card)}
        assert not kinds & {"TextBlock", "FactSet", "Image", "mention"}, "these know markdown"
        assert "msteams" not in json.dumps(card), "no entity: nobody is mentioned"
        for part in parts(card):
            if part.get("weight") == "Bolder" and not isinstance(reply, Settle):
                assert part["text"] in ("Ours", "Who: ", "Files: ")
            assert part.get("type") != "Action.OpenUrl"


@MANY
@given(hostile)
def test_a_front_end_gets_plain_text(text: str) -> None:
    for reply in showing(text):
        payload = http(reply)

        assert text in str(payload["text"])
        assert not payload["links"]


@MANY
@given(hostile)
@example("\x1b]8;;https://evil.example\x1b\\Open\x1b]8;;\x1b\\")
def test_a_terminal_is_not_steered(text: str) -> None:
    for reply in showing(text):
        for line in console(reply):
            assert line.text.isprintable() or not {"\x1b", "\x9b", "\r", "\x07"} & set(line.text)
            strong = [span.text for span in line.spans if span.strong]
            assert all(it in ("Ours", " [2]", "[1]") for it in strong)


@MANY
@given(hostile)
@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_all_of_it_is_there_to_be_read(platform: str, text: str) -> None:
    """Nothing is lost by being harmless."""
    said = showing(text)[0]
    if platform == "slack":
        read = [it["text"] for it in parts(slack(said)["blocks"]) if "text" in it]
        assert (text or " ") in read
    else:
        read = [str(it["text"]) for it in parts(teams(said)) if "text" in it]
        for line in filter(None, shown(text).strip("\n").split("\n")):
            assert any(line in it for it in read)


@MANY
@given(hostile)
def test_an_experts_words_and_names_are_nowhere_among_ours(text: str) -> None:
    """The desk's own sentences hold no name and nobody's words: these stand apart."""
    somebody = Expert("test:lee", text)
    for state, request in (
        (Open(), by(somebody, Claim)),
        (Claimed(by=KIM), by(somebody, Claim, over=True)),
        (Claimed(by=somebody), by(KIM, Claim)),
        (Claimed(by=KIM), by(KIM, Assign, to=text)),
        (Claimed(by=KIM), by(KIM, Answer, text=text)),
        (Claimed(by=KIM), by(somebody, Answer, text="hello")),
    ):
        known = sheet(state, experts=(KIM, somebody), origin=requester(name=text))
        step = advance(known, request, BOOK)
        bare = advance(
            sheet(state, experts=(KIM, somebody), origin=requester(name="x")),
            request,
            BOOK,
        )
        ours = [it.reply.text for it in step.shown]
        assert ours == [it.reply.text for it in bare.shown]
        for sentence in (part for one in ours for part in one):
            assert all("evil" not in words for words, _ in runs(sentence))
