"""`flowmend migrate`, and the other commands on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from bot.storage.schema import REVISIONS
from tests.bot.program import PASTE, Program
from tests.bot.talking import talking, turns
from tests.postgres import PASSWORD

NEWEST = REVISIONS[-1]


def test_an_empty_database_is_migrated_once(flowmend: Program, empty_postgres_url: str) -> None:
    shown = empty_postgres_url.rpartition("@")[2]
    program = flowmend.set(DATABASE=empty_postgres_url)

    first = program.run("migrate")
    second = program.run("migrate")

    assert first.stdout == f"{shown}: new tables made (revision {NEWEST})\n"
    assert second.stdout == f"{shown}: up to date (revision {NEWEST}), nothing to do\n"
    assert first.stderr == second.stderr == ""


def test_two_may_migrate_at_once(flowmend: Program, empty_postgres_url: str) -> None:
    program = flowmend.set(DATABASE=empty_postgres_url)

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: program.run("migrate").stdout, range(2)))

    assert sorted("new tables" in said for said in done) == [False, True]


def test_a_file_is_migrated_as_well(flowmend: Program) -> None:
    first, second = flowmend.run("migrate"), flowmend.run("migrate")

    assert first.stdout.endswith(f"flowmend.sqlite3: new tables made (revision {NEWEST})\n")
    assert second.stdout.endswith(f"up to date (revision {NEWEST}), nothing to do\n")


def test_until_then_it_is_told_and_the_password_is_not(
    flowmend: Program, empty_postgres_url: str
) -> None:
    shown = empty_postgres_url.rpartition("@")[2]
    program = flowmend.set(DATABASE=empty_postgres_url)

    for command in (("chat", "--plain"), ("tickets",)):
        assert program.refuses(*command) == (
            f"the database {shown} cannot be used: it is empty; run 'flowmend migrate'"
        )
    for url in (empty_postgres_url.replace("@", "/"), f"{empty_postgres_url}x"):
        said = flowmend.refuses("migrate", "--database", url)
        assert PASSWORD not in said
        assert quote(PASSWORD, safe="") not in said


def test_a_case_goes_to_the_desk_and_back(flowmend: Program, postgres_url: str) -> None:
    program = flowmend.set(DATABASE=postgres_url)
    with talking(program) as talk:
        talk.say(PASTE)
        assert any("FM-1" in line for line in talk.say("talk to a person"))
        assert program.run("tickets", "list").stdout.startswith("FM-1 ")
        assert program.run("tickets", "resolve", "1").stdout == "FM-1 is resolved\n"
        assert "solved" in talk.hear()[0]

    (told,) = turns(program.run("chat", "--plain", stdin="status\n").stdout)
    assert any("FM-1" in line for line in told)


def test_two_chats_side_by_side_deliver_only_their_own(
    flowmend: Program, postgres_url: str
) -> None:
    program = flowmend.set(DATABASE=postgres_url)
    with talking(program) as one, talking(program, "--conversation", "two") as two:
        one.say(PASTE)
        two.say(PASTE)
        one.say("talk to a person")
        program.run("tickets", "resolve", "1")

        assert "FM-1" in one.hear()[0]
        assert "FM-1" not in "".join(two.say("help"))
