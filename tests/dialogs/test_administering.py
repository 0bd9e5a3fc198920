"""What an administrator says of desks, every case of it."""

from __future__ import annotations

from dataclasses import replace

from dialogs.events import Said
from dialogs.ticket import Desk
from dialogs.ticket.administering import DeskStep, administer
from dialogs.ticket.talk import Command
from tests.dialogs.tickets import AT, BOOK, HERE, THERE, requester

ADMINISTERED = replace(
    BOOK, policy=replace(BOOK.policy, administrators=frozenset({"test:ann"}), desks=(THERE,))
)
HERE_COMMAND: Command = ("here", "", "en")
OFF: Command = ("off", "", "en")
LIST: Command = ("list", "", "en")


def after(command: Command, *made: Desk, **origin: object) -> DeskStep:
    where = requester(**({"channel": HERE.channel, "route": {"url": "u"}} | origin))
    event = Said(id="e", at=AT, origin=where, text="desk", addressed=True)
    return administer(made, command, event, ADMINISTERED)


def says(phrase: str, language: str = "en") -> tuple[str, ...]:
    return (ADMINISTERED.desk_phrase(phrase, language),)


def test_only_an_administrator_may() -> None:
    for command in (HERE_COMMAND, OFF, LIST):
        for who in ({"user": "test:bob"}, {"guest": True}):
            step = after(command, HERE, **who)

            assert step == DeskStep(said=replace(step.said, text=says("desk-admin")))
            assert not step.said.rows, "whoever may not change desks does not see them either"


def test_whoever_says_it_in_korean_is_answered_in_korean() -> None:
    for command, phrase in ((OFF, "desk-was-off"), (HERE_COMMAND, "desk-on")):
        said = after((command[0], "", "ko"), language="en").said

        assert said.text == says(phrase, "ko")
    assert after(OFF, language="ko-KR").said.text == says("desk-was-off", "ko"), (
        "English is what the manual has: it says nothing of a language"
    )


def test_a_desk_is_a_channel() -> None:
    for command in (HERE_COMMAND, OFF):
        step = after(command, HERE, channel="")

        assert step.said.text == says("desk-in-channel")
        assert step.put is None
        assert step.remove is None


def test_a_channel_becomes_a_desk_with_its_route_and_its_way_there() -> None:
    step = after(("here", "team identity cause mfa-required language ko", "en"))

    assert step.said.text == says("desk-on")
    assert step.put == replace(
        HERE, route={"url": "u"}, team="identity", causes=("mfa-required",), language="ko"
    )
    (row,) = step.said.rows
    assert row.heading == "identity"
    assert HERE.key in row.value
    assert "mfa-required" in row.value
    assert ADMINISTERED.words["ko"].name in row.value


def test_a_word_that_is_no_route_is_shown_again_cut_to_a_line() -> None:
    step = after(("here", "cause " + "x" * 500, "en"))

    assert step.said.text == says("desk-bad")
    assert step.said.facts == ("x" * 80,)
    assert step.put is None


def test_a_desk_ends_and_what_was_none_is_called_so() -> None:
    ended, never = after(OFF, HERE), after(OFF)

    assert (ended.remove, ended.said.text) == (HERE.key, says("desk-off"))
    assert (never.remove, never.said.text) == (HERE.key, says("desk-was-off"))


def test_the_list_holds_what_the_settings_name_and_what_was_made() -> None:
    settings = ADMINISTERED.desk_phrase("desk-settings", "en")

    rows = {row.heading: row.value for row in after(LIST, HERE, channel="").said.rows}

    assert set(rows) == {THERE.name, HERE.name}
    assert settings in rows[THERE.name]
    assert settings not in rows[HERE.name]


def test_it_speaks_the_language_of_whoever_asks_and_the_bots_own_to_all_others() -> None:
    assert after(OFF, language="ko-KR").said.text == says("desk-was-off", "ko")
    assert after(OFF, language="fr").said.text == says("desk-was-off", BOOK.policy.language)
