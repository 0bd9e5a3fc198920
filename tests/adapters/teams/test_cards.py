"""Cards: valid, small, plain to whoever cannot see them, and never somebody's markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.buttons import Pressed, pressed
from adapters.teams.elements import Element
from adapters.teams.places import is_person
from adapters.teams.render import Frame, render, summary
from dialogs.replies import Ask, Choice, Field, Link, Reply, Say, Settle
from tests.adapters.teams.card_schema import faults
from tests.adapters.teams.conftest import BOOK
from tests.transcripts.play import FOLDER, Scene, play

REQUESTER = "33333333-3333-4333-8333-333333333333"
SHARED = Frame(requester=REQUESTER, hint="Here I read only messages that mention me.", by="김민지")
MOST = 25_000
"""Bytes; Teams takes 28 kB by the oldest of its pages, and 100 kB by the newest."""
HOSTILE = (
    "**not bold** _x_ [link](https://evil.example) ![i](https://evil.example/x.png) <b>x</b>",
    "# heading\n- item\n1. item\n> quote\n```code```",
    "{{DATE(2026-11-22,SHORT)}} ${expression} <at>everyone</at>",
    "\u202eright to left\u202c \x1b[31m \x00 \ud800",
)
ASK = Ask(
    text=("**Signed out** by a password change.", "Two\nlines"),
    quote="Hello,\n\nplease **sign in** again.",
    facts=("AADSTS50173", "SharePoint"),
    facts_title="Read from your message",
    links=(Link("Open Connections", "https://make.powerautomate.com/connections"),),
    token="t1",
    choices=(Choice("done", "Done"), Choice("failing", "Still failing")),
    field=Field("Paste the error text here", "Send"),
)


def elements(part: object) -> Iterator[Element]:
    """Yield every element of a card, in the order in which it is read out."""
    if isinstance(part, list):
        for each in part:
            yield from elements(each)
    elif isinstance(part, dict):
        if "type" in part:
            yield part
        for key, value in part.items():
            if key not in ("data", "fallback"):
                yield from elements(value)


def replies_of(file: Path) -> Iterator[Reply]:
    """Yield all that the bot says in a transcript, answered cards as they look then."""
    scene = Scene(BOOK)
    play(file.read_text("utf-8").splitlines(), scene)
    asked = {it.token: it for it in scene.asked}
    for reply in scene.replied:
        yield replace(reply, asked=asked[reply.token]) if isinstance(reply, Settle) else reply


def texts(card: Element) -> list[str]:
    return [str(it["text"]) for it in elements(card) if it["type"] in ("TextRun", "TextBlock")]


def of_type(card: Element, kind: str) -> list[Element]:
    return [it for it in elements(card) if it["type"] == kind]


def data_of(button: Element) -> Element:
    data = button["data"]
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_every_reply_of_every_transcript_is_a_valid_small_card(file: Path) -> None:
    for reply in replies_of(file):
        card = render(reply, SHARED)

        assert not faults(card), card
        assert len(json.dumps(card, ensure_ascii=False).encode()) < MOST
        assert len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) < 2 * MOST
        assert card["speak"]
        assert summary(reply)


@pytest.mark.parametrize(
    "reply",
    [
        ASK,
        Say(text=("",)),
        Ask(text=(), token="t", choices=()),
        Settle(token="t1", answer="Done", by="teams:ann", asked=ASK),
        Settle(token="t1", answer="Done", by="teams:ann"),
    ],
    ids=["all of it", "nothing said", "nothing asked", "settled", "settled, not known"],
)
def test_every_shape_is_valid(reply: Reply) -> None:
    assert not faults(render(reply))
    assert not faults(render(reply, SHARED))


@pytest.mark.parametrize(
    ("damage", "where"),
    [({"type": "TextBlok", "text": "x"}, "body"), ({"type": "TextBlock", "txt": "x"}, "body")],
)
def test_the_schema_is_strict(damage: Element, where: str) -> None:
    assert faults({**render(ASK), where: [damage]})


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_shown_as_it_is(text: str) -> None:
    card = render(Say(text=("Ours",), quote=text, facts=(text,), facts_title="Read"))

    assert not of_type(card, "TextBlock"), "which would interpret it"
    assert not of_type(card, "Image")
    shown = "".join(texts(card))
    kept = text.translate(dict.fromkeys(map(ord, "\u202e\u202c\x1b\x00\ud800\n")))
    assert kept in shown.replace("\n", "")
    json.dumps(card, ensure_ascii=False).encode()
    assert not faults(card)


def test_only_our_own_stars_are_weight() -> None:
    card = render(Say(text=("Choose **Fix connection** now",), quote="**no**"))

    strong = [it["text"] for it in of_type(card, "TextRun") if it.get("weight") == "Bolder"]
    assert strong == ["Fix connection"]


def test_a_button_carries_its_question_and_whose_case_it_is() -> None:
    card = render(ASK, SHARED)
    send, done, failing = of_type(card, "Action.Execute")

    assert pressed(data_of(done)) == Pressed("t1", REQUESTER, "done", "")
    assert pressed({**data_of(send), "words": "401"}) == Pressed("t1", REQUESTER, "", "401")
    assert failing["title"] == "Still failing"


def test_old_clients_have_the_same_buttons() -> None:
    for button in of_type(render(ASK, SHARED), "Action.Execute"):
        fallback: Any = button["fallback"]
        assert fallback["type"] == "Action.Submit"
        assert (fallback["title"], fallback["data"]) == (button["title"], button["data"])


def test_a_field_is_shown_only_where_others_may_be() -> None:
    assert of_type(render(ASK, SHARED), "Input.Text")[0]["label"] == "Paste the error text here"
    assert not of_type(render(ASK), "Input.Text")


def test_no_button_opens_a_field_that_is_there() -> None:
    reply, claim = Choice("reply", "Reply"), Choice("claim", "Claim")
    card = Ask(text=("FM-1",), token="FM-1", choices=(claim, reply), field=Field("To Ann", "Reply"))

    shared = of_type(render(replace(card, stays=True)), "Action.Execute")
    assert [it["title"] for it in shared] == ["Reply", "Claim"]
    assert pressed(data_of(shared[0])) == Pressed("FM-1", "", "", "")
    alone = of_type(render(card), "Action.Execute")
    assert [it["title"] for it in alone] == ["Claim", "Reply"]


def test_a_form_leads_back_to_its_card() -> None:
    form = replace(ASK, to="presser", token="FM-1/resolve")

    *_, last = of_type(render(form, Frame(back="Back")), "Action.Execute")
    assert pressed(data_of(last)) == Pressed("FM-1/resolve", "", "back", "")
    for other in (render(form), render(ASK, Frame(back="Back"))):
        assert "Back" not in [it["title"] for it in of_type(other, "Action.Execute")]


def test_what_is_answered_has_no_buttons_but_its_pages() -> None:
    settled = render(Settle(token="t1", answer="Done", by="teams:ann", asked=ASK), SHARED)

    assert not of_type(settled, "Action.Execute")
    assert not of_type(settled, "Input.Text")
    assert [it["title"] for it in of_type(settled, "Action.OpenUrl")] == ["Open Connections ↗"]
    assert texts(settled)[-2:] == ["✓ Done", " · 김민지"]
    assert str(settled["speak"]).endswith("✓ Done")


def test_it_is_read_out_in_the_order_that_it_is_shown() -> None:
    said = " | ".join(
        str(it.get("text") or it.get("label") or it.get("title"))
        for it in elements(render(ASK, SHARED))
        if it["type"] in ("TextRun", "Input.Text", "Action.Execute", "Action.OpenUrl")
    )
    order = [
        "Signed out",
        "sign in",
        "Read from",
        "Open Conn",
        "Paste the",
        "Send",
        "Done",
        "Still",
    ]
    assert [said.index(it) for it in order] == sorted(said.index(it) for it in order)


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        ("Done|Still failing", [2]),
        ("Done|Still failing|Not my connection|Talk to a person", [3, 1]),
        ("완료|아직 실패해요|제가 소유자예요|담당자와 이야기하기", [3, 1]),
        ("The sign-in has expired or was revoked|A password was changed|None of these", [1, 2]),
        (f"{'x' * 80}|Done", [1, 1]),
    ],
)
def test_a_row_has_no_more_buttons_than_fit(labels: str, rows: list[int]) -> None:
    choices = tuple(Choice(str(n), label) for n, label in enumerate(labels.split("|")))

    sets = of_type(render(Ask(text=("?",), token="t", choices=choices)), "ActionSet")

    assert [len(row["actions"]) for row in sets] == rows  # type: ignore[arg-type]


def test_words_that_ask_nothing_tell_how_to_be_heard() -> None:
    assert texts(render(Say(text=("Passed on.",)), SHARED))[-1] == SHARED.hint
    assert SHARED.hint not in texts(render(ASK, SHARED))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"flowmend": None},
        {"flowmend": "t1"},
        {"flowmend": {}},
        {"flowmend": {"token": 1}},
        {"flowmend": {"token": ""}},
        {"flowmend": {"token": "x" * 201}},
        {"flowmend": {"token": "a\nb"}},
        {"flowmend": {"token": "t", "choice": ["done"]}},
        {"flowmend": {"token": "t", "choice": "x" * 201}},
        {"flowmend": {"token": "t", "requester": 7}},
        {"flowmend": {"token": "t", "requester": "a b"}},
        {"flowmend": {"token": "t", "requester": "x" * 201}},
        {"token": "t", "choice": "done"},
    ],
)
def test_what_is_no_button_of_ours(data: dict[str, object]) -> None:
    assert pressed(data) is None


@pytest.mark.parametrize("id", [REQUESTER, "29:1abc-DEF_2", "user-id-0", "a.b@example.com"])
def test_ids_of_people(id: str) -> None:
    assert is_person(id)


def test_a_long_notification_is_cut() -> None:
    assert summary(Say(text=("**" + "x" * 500 + "**",))).endswith("…")
    assert len(summary(Say(text=("x" * 500,)))) == 200
