"""`flowmend purge`, `forget`, `backup` and `audit`, beside a chat."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot import clock
from bot.commands.audit import WORDS
from bot.storage.keeping import Deed
from bot.storage.opening import open_store
from tests.bot.program import PASTE, Program
from tests.bot.talking import talking
from tests.bot.values import deciding, guiding, origin, said

ME = "console:local"


def chat(flowmend: Program, *lines: str, conversation: str = "default") -> None:
    talk = "".join(f"{line}\n" for line in lines)
    flowmend.run("chat", "--plain", "--conversation", conversation, stdin=talk)


def audit(flowmend: Program, *args: str) -> list[tuple[str, str]]:
    """Return who did what."""
    found = []
    for line in flowmend.run("audit", *args).stdout.splitlines():
        row = re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  (\S+) +(.+)", line)
        assert row, line
        found.append((row[1], row[2]))
    return found


async def known(tmp_path: Path, days: int, *people: tuple[str, str]) -> str:
    """Return a database in which these (tenant, user) said something `days` ago."""
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    at = clock.milliseconds(clock.now() - timedelta(days=days))
    async with open_store(url) as store:
        for n, (tenant, user) in enumerate(people):
            where = replace(origin(f"test:{n}"), tenant=tenant, user=user)
            await store.turn(said(f"test:{user}:{n}", where=where), deciding(guiding()), at)
    return url


def test_who_did_what_is_told_the_newest_last(flowmend: Program) -> None:
    assert flowmend.run("audit").stdout == ""
    chat(flowmend, PASTE, "talk to a person")
    flowmend.run("tickets", "resolve", "1")
    chat(flowmend, "still failing", "forget me", "1")

    lines = audit(flowmend)

    operator = lines[3][0]
    assert operator.startswith("operator:")
    assert lines == [
        ("forgotten", "began a conversation"),
        ("forgotten", "asked for a person"),
        ("forgotten", "opened FM-1"),
        (operator, "resolved FM-1"),
        ("forgotten", "reopened FM-1"),
        ("forgotten", "asked to be forgotten"),
    ]


def test_what_is_done_with_a_ticket_is_told(flowmend: Program) -> None:
    chat(flowmend, PASTE, "talk to a person")
    for command in (("claim",), ("assign", "Lee"), ("reply", "hi"), ("retry",), ("release",)):
        flowmend.run("tickets", command[0], "1", *command[1:])

    assert [what for _, what in audit(flowmend)][3:] == [
        "claimed FM-1",
        "assigned FM-1",
        "answered on FM-1",
        "asked to try FM-1 again",
        "released FM-1",
    ]


def test_there_are_words_for_every_deed() -> None:
    assert {*WORDS} == {*get_args(Deed)}


def test_people_are_named_as_long_as_they_are_known(flowmend: Program) -> None:
    chat(flowmend, PASTE)

    assert audit(flowmend) == [(ME, "began a conversation")]


def test_the_audit_is_json_for_programs(flowmend: Program) -> None:
    chat(flowmend, PASTE, "talk to a person")

    rows = [json.loads(line) for line in flowmend.run("audit", "--jsonl").stdout.splitlines()]

    assert [(row["who"], row["what"], row["about"]) for row in rows] == [
        (ME, "began", ""),
        (ME, "handed-over", ""),
        (ME, "opened", "FM-1"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", row["at"]) for row in rows)


async def test_the_audit_begins_where_it_is_asked_to(flowmend: Program, tmp_path: Path) -> None:
    url = await known(tmp_path, 10, ("T1", "ana"))
    today = f"{clock.now():%Y-%m-%d}"

    for since, lines in (("11d", 1), ("9d", 0), (today, 0), ("2020-01-31", 1)):
        found = audit(flowmend, "--since", since, "--database", url)
        assert len(found) == lines, since


async def test_what_is_old_goes(flowmend: Program, tmp_path: Path) -> None:
    url = await known(tmp_path, 91, ("T1", "ana"), ("T1", "ben"))

    first = flowmend.run("purge", "--older-than", "90d", "--database", url).stdout
    second = flowmend.run("purge", "--older-than", "90d", "--database", url).stdout

    assert first == (
        "older than 90d: 2 conversations, 2 participants, 2 journal rows, 2 audit lines,"
        " 2 event ids\n"
    )
    assert second == "older than 90d: nothing\n"
    (_, told), (_, again) = audit(flowmend, "--database", url)
    assert told.startswith("purged what is older than 90d: 2 conversations")
    assert again == "purged what is older than 90d"


def test_a_chat_goes_on_while_what_is_old_goes(flowmend: Program) -> None:
    with talking(flowmend) as talk:
        talk.say(PASTE)
        flowmend.run("purge", "--older-than", "1d")
        flowmend.run("backup", str(flowmend.home / "copy"))

        assert any("passing this" in line for line in talk.say("talk to a person"))


def test_a_person_is_forgotten_beside_a_running_chat(flowmend: Program) -> None:
    with talking(flowmend) as talk:
        talk.say(PASTE)
        talk.say("talk to a person")

        told = flowmend.run("forget", "console:local").stdout

        assert told.startswith("forgot console:local: 1 conversation, 1 ticket, ")
        assert any("Nothing is open" in line for line in talk.say("status"))
    for line in audit(flowmend)[:3]:
        assert line[0] == "forgotten"


async def test_who_is_meant_must_be_clear(flowmend: Program, tmp_path: Path) -> None:
    people = (("T1", "U1"), ("T2", "U1"), ("T2", "U2"), *(("T3", f"V{n}") for n in range(12)))
    url = await known(tmp_path, 1, *people)

    def refuses(name: str) -> str:
        return flowmend.refuses("forget", name, "--database", url)

    assert refuses("U1") == "'U1' may be test:T1:U1, test:T2:U1; write one of these names"
    assert refuses("T2") == (
        "'T2' is a tenant, of test:T2:U1, test:T2:U2; write one of these names"
    )
    assert refuses("T3").endswith("test:T3:V7 and 2 more; write one of these names")
    assert refuses("U7") == "nobody here is called 'U7'; 'flowmend audit' shows who is known"
    assert refuses("forgotten").startswith("nobody here is called")
    assert flowmend.run("forget", "T1:u1", "--database", url).stdout.startswith(
        "forgot test:U1: 1 "
    )
    assert flowmend.run("forget", "U1", "--database", url).stdout.startswith("forgot test:U1: 1 ")
    assert refuses("U1").startswith("nobody")


def test_a_backup_is_a_database(flowmend: Program) -> None:
    chat(flowmend, PASTE, "talk to a person")
    copy = flowmend.home / "copy"

    told = flowmend.run("backup", str(copy)).stdout

    assert re.fullmatch(rf"backed up to {copy} \(\d\.\d MB\)\n", told)
    assert "FM-1" in flowmend.run("tickets", "--database", f"sqlite:///{copy}").stdout
    assert audit(flowmend)[-1][1] == f"backed up to {copy}"
    assert flowmend.refuses("backup", str(copy)) == f"{copy} is there already; --force replaces it"
    flowmend.run("backup", str(copy), "--force")


def test_a_backup_of_nothing_makes_nothing(flowmend: Program) -> None:
    database = flowmend.home / "none.sqlite3"

    said = flowmend.refuses("backup", "copy", "--database", f"sqlite:///{database}")

    assert said == f"there is no database {database}"
    assert not database.exists()


def test_postgresql_is_backed_up_by_its_own_tool(flowmend: Program) -> None:
    said = flowmend.refuses("backup", "copy", "--database", "postgresql://bot:hunter2@db/flowmend")

    assert said == (
        "PostgreSQL is backed up by its own tool: "
        "pg_dump --format=custom --file=copy postgresql://bot@db/flowmend"
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("purge", "--older-than", "90"), "--older-than: '90' is no duration; write it like"),
        (("purge", "--older-than", "2h"), "--older-than: keep things for 1d at least"),
        (("audit", "--since", "monday"), "--since: 'monday' is no time; write 7d, or 2026-01-31"),
        (("audit", "--since", "7x"), "--since: '7x' is no duration"),
        (("forget", ""), "nobody here is called ''"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    args: tuple[str, ...], said: str, flowmend: Program
) -> None:
    assert flowmend.refuses(*args).startswith(said)
