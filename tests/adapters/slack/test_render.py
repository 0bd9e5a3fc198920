"""What is shown in Slack, held against the SDK's own models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.pages import OpenCase
from adapters.slack import views
from adapters.slack.keys import Pressed, Spot
from adapters.slack.render import render
from dialogs.replies import Ask, Choice, Link, Reply, Say, Settle
from tests.slack.replies import EXTREMES, of_transcripts

SPOT = Spot("T1", "C1", "1764000000.000100", "U1")
ASK = Ask(
    text=("**Signed out** <!channel>", "연결은 **연결**을 여세요"),
    token="t1",
    choices=(Choice("done", "Done"), Choice("failing", "Still failing")),
    links=(Link("Open", "https://make.powerautomate.com"),),
    facts=("AADSTS50173", "<!here> *x* `y`"),
    facts_title="Read",
    quote="Hello <@U2> **you**",
)


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = (block["elements"] for block in blocks if block["type"] == "actions")
    return [it for row in rows for it in row if it["type"] == "button"]


def fits(blocks: list[dict[str, Any]], most: int = 50) -> None:
    """Check `blocks` as Slack's own SDK does; what it misses, by hand."""
    assert 1 <= len(blocks) <= most
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        assert parsed.to_dict() == block, "every key is one that Slack knows"
        ids = [it["action_id"] for it in block.get("elements", ()) if "action_id" in it]
        assert len(ids) == len(set(ids)) <= 25
        assert len(block.get("fields", ())) <= 10
    assert all(text for text in _texts(blocks)), "no text is empty"
    for button in buttons(blocks):
        assert len(button["text"]["text"]) <= 75
        assert len(button.get("value", "")) <= 2000
        assert len(button.get("url", "")) <= 3000


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for one in value.values():
            yield from _texts(one)


@pytest.mark.parametrize("reply", EXTREMES, ids=range(len(EXTREMES)))
def test_the_most_and_the_least_fit(reply: Reply) -> None:
    shown = render(reply, SPOT)

    fits(shown["blocks"])
    assert 1 <= len(shown["text"]) <= 4000


def test_all_that_the_bot_says_fits() -> None:
    for reply in of_transcripts():
        shown = render(reply, SPOT)
        fits(shown["blocks"])
        assert shown["text"]


def test_what_came_from_people_is_shown_as_it_is() -> None:
    shown = render(ASK, SPOT)

    assert "<" not in shown["text"]
    kinds = {block["type"] for block in shown["blocks"]}
    assert kinds == {"rich_text", "section", "actions"}
    assert "mrkdwn" not in json.dumps(shown), "nothing of it is interpreted"
    quoted = shown["blocks"][2]["elements"][0]
    assert quoted["type"] == "rich_text_preformatted"
    assert quoted["elements"][0]["text"] == ASK.quote


def test_bold_words_keep_their_korean_particles() -> None:
    runs = render(ASK)["blocks"][1]["elements"][0]["elements"]

    assert [run["text"] for run in runs] == ["연결은 ", "연결", "을 여세요"]
    assert runs[1]["style"] == {"bold": True}


def test_a_button_names_its_question_and_whose_card_it_is() -> None:
    done = next(it for it in buttons(render(ASK, SPOT)["blocks"]) if "value" in it)

    assert Pressed.read(done["value"]) == Pressed("t1", "done", "U1", SPOT.root)


def test_a_settled_card_says_who_answered_and_has_only_its_links_left() -> None:
    blocks = render(Settle(token="t1", answer="Done", by="slack:U2", asked=ASK), SPOT)["blocks"]

    assert ["url" in it for it in buttons(blocks)] == [True]
    context = blocks[-1]["elements"]
    assert context[0]["text"] == "✓ Done"
    assert context[1] == {"type": "mrkdwn", "text": "<@U2>"}


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_said_fits(text: str, fact: str) -> None:
    said = Ask(text=(text,), quote=text, facts=(fact,), token="t", choices=(Choice("a", text),))

    shown = render(said, SPOT)

    fits(shown["blocks"])
    assert "<" not in shown["text"]


def test_home_and_window_are_views() -> None:
    cases = [OpenCase(f"c{n}", f"Title {n}", "Step 1 of 3") for n in range(60)]
    links = {case.conversation: "https://t.slack.com/archives/C1/p1" for case in cases}
    for view in (
        views.home(cases, links, str),
        views.home([], {}, str),
        views.window([Say(text=("x",), facts=("y",))] * 40, str),
    ):
        fits(view["blocks"], 100)
        parsed = View(**view)
        parsed.validate_json()
        assert parsed.to_dict() == view
    assert 1 <= len(views.prompts(str)) <= 4
