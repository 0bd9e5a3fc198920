"""`flowmend tickets`, beside a chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.program import PASTE, Program
from tests.bot.talking import talking, turns


def handed_over(flowmend: Program) -> list[str]:
    out = flowmend.run("chat", "--plain", stdin=f"{PASTE}\ntalk to a person\n").stdout
    return turns(out)[1]


def test_a_hand_over_has_its_number_in_the_same_turn(flowmend: Program) -> None:
    assert any("FM-1" in line for line in handed_over(flowmend))


def test_the_desk_lists_and_shows_what_was_handed_over(flowmend: Program) -> None:
    assert flowmend.run("tickets").stdout == "no tickets\n"
    handed_over(flowmend)

    (line,) = flowmend.run("tickets", "list").stdout.splitlines()
    shown = flowmend.run("tickets", "show", "FM-1").stdout

    assert line.split()[:2] == ["FM-1", "open"]
    assert shown == flowmend.run("tickets", "show", "1").stdout
    for known in ("AADSTS50173", "password-changed", "The provided grant has expired", "opened"):
        assert known in shown


def test_whoever_asked_hears_that_it_is_solved(flowmend: Program) -> None:
    handed_over(flowmend)

    assert flowmend.run("tickets", "resolve", "1").stdout == "FM-1 is resolved\n"
    assert flowmend.run("tickets", "resolve", "1").stdout == "FM-1 was resolved before\n"
    (told,) = turns(flowmend.run("chat", "--plain", stdin="status\n").stdout)

    assert any("FM-1" in line and "solved" in line for line in told)


def test_a_running_chat_hears_it_within_seconds(flowmend: Program) -> None:
    with talking(flowmend) as talk:
        talk.say(PASTE)
        talk.say("talk to a person")
        flowmend.run("tickets", "resolve", "FM-1")
        told = talk.hear()
        reopened = talk.say("still failing")
        flowmend.run("tickets", "resolve", "fm-1")
        again = talk.hear()
        flowmend.run("tickets", "reopen", "FM-1")
        by_desk = talk.hear()

    assert "FM-1" in told[0]
    assert "solved" in told[0]
    assert any("open again" in line for line in reopened)
    assert "solved" in again[0]
    assert any("open again" in line for line in by_desk)


def test_two_chats_side_by_side_hear_only_their_own(flowmend: Program) -> None:
    with talking(flowmend) as one, talking(flowmend, "--conversation", "two") as two:
        one.say(PASTE)
        assert "bot: " not in "".join(two.say("status"))
        one.say("talk to a person")
        flowmend.run("tickets", "resolve", "1")
        told = one.hear()
        other = two.say("help")

    assert "FM-1" in told[0]
    assert "FM-1" not in "".join(other)


def test_all_that_a_channel_can_do_a_shell_can_do(flowmend: Program) -> None:
    handed_over(flowmend)

    def tickets(*args: str) -> str:
        return flowmend.run("tickets", *args).stdout.strip()

    assert tickets("claim", "1", "--as", "Kim") == "FM-1 is claimed"
    assert tickets("assign", "1", "Lee") == "FM-1 is assigned"
    assert tickets("list").endswith("(Lee)")
    assert tickets("release", "1") == "FM-1 is released"
    assert tickets("reply", "1", "Sign in", "again. password=hunter2hunter2") == "FM-1 is answered"
    assert tickets("retry", "1").startswith("FM-1 is waiting for the requester")
    assert tickets("desks") == "no desks: tickets are in 'flowmend tickets' alone"
    told = turns(flowmend.run("chat", "--plain", stdin="it works\n").stdout)
    said = "\n".join(line for turn in told for line in turn)
    assert "Sign in again. password=[hidden: password]" in said
    assert "It works" in said
    assert tickets("list").split()[:2] == ["FM-1", "resolved"]
    assert tickets("reopen", "1") == "FM-1 is reopened"
    assert tickets("resolve", "1", "mfa-required") == "FM-1 is resolved"


def test_what_cannot_be_done_is_said_with_the_way_on(flowmend: Program) -> None:
    handed_over(flowmend)

    def refused(*args: str) -> str:
        return flowmend.refuses("tickets", *args)

    assert refused("release", "1") == "FM-1: Nobody has it."
    assert refused("transfer", "1", "x") == (
        "FM-1 can go to no desk 'x'; 'flowmend tickets desks' lists those there are"
    )
    unknown = refused("resolve", "1", "x")
    assert unknown.startswith("'x' is no cause; the causes are ")
    assert "mfa-required" in unknown
    flowmend.run("tickets", "claim", "1", "--as", "Kim")
    assert refused("claim", "1", "--as", "Kim") == "FM-1: You have it already."
    assert refused("assign", "1", "Kim") == "FM-1: They have it already."
    assert flowmend.run("tickets", "claim", "1", "--as", "Lee").stdout == "FM-1 is claimed\n"
    assert flowmend.run("tickets", "reopen", "1").stdout == "FM-1 is open already: claimed\n"
    flowmend.run("tickets", "resolve", "1")
    again = "FM-1 is resolved; 'flowmend tickets reopen FM-1' comes first"
    assert refused("reply", "1", "x") == again
    assert refused("transfer", "1", "x") == again


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("assign", "7"), "assign: say to whom, after the number"),
        (("reply", "7"), "reply: say what to say, after the number"),
        (("claim", "7", "now"), "'claim' takes nothing after the number"),
        (("transfer", "7", "x"), "there is no ticket FM-7"),
        (("show",), "which ticket? For example: flowmend tickets show FM-12"),
        (("show", "7"), "there is no ticket FM-7"),
        (("resolve", "FM-7"), "there is no ticket FM-7"),
        (("reopen", "seven"), "'seven' is no ticket; write it as 12 or FM-12"),
        (("list", "7"), "'list' takes no number; 'flowmend tickets show 7' does"),
    ],
)
def test_a_ticket_that_is_not_there_is_one_line(
    args: tuple[str, ...], said: str, flowmend: Program
) -> None:
    assert flowmend.refuses("tickets", *args) == said


def test_a_mistyped_database_is_not_made(flowmend: Program, tmp_path: Path) -> None:
    said = flowmend.refuses("tickets", "--database", f"sqlite:///{tmp_path / 'typo.sqlite3'}")

    assert said == f"--database: there is no file {tmp_path / 'typo.sqlite3'}"
    assert not (tmp_path / "typo.sqlite3").exists()
