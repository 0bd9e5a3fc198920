"""`flowmend chat --plain`, run as programs run it."""

from __future__ import annotations

import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.bot.program import PASTE, Program
from tests.bot.talking import talking, turns


def test_a_paste_is_walked_to_its_end(flowmend: Program) -> None:
    out = flowmend.run("chat", "--plain", stdin=f"{PASTE}\n1\nDone\ndone\n").stdout
    first, *_, last = turns(out)

    assert len(turns(out)) == 4
    assert "(AADSTS50173)" in first[0]
    assert first[-1].startswith("[1] Done [2] Still failing")
    assert "If it fails again" in last[0]


def test_links_are_label_and_address(flowmend: Program) -> None:
    (first,) = turns(flowmend.run("chat", "--plain", stdin=f"{PASTE}\n").stdout)

    assert [line for line in first if "https://login.microsoftonline.com/error?code=50173" in line]


def test_a_language_can_be_chosen(flowmend: Program) -> None:
    out = flowmend.run("chat", "--plain", "--language", "ko", stdin=f"{PASTE}\n완료\n").stdout

    assert turns(out)[0][-1].startswith("[1] 완료 [2] 아직 실패해요")


def test_the_persons_own_language_decides(flowmend: Program) -> None:
    out = flowmend.run("chat", "--plain", stdin="흐름이 401 권한이 없음 오류로 실패해요\n").stdout

    assert "[1] 완료 [2] 아직 실패해요" in out


def test_nothing_said_nothing_shown(flowmend: Program) -> None:
    assert flowmend.run("chat", "--plain", stdin="").stdout == ""


def test_an_empty_line_is_an_empty_message(flowmend: Program) -> None:
    (only,) = turns(flowmend.run("chat", "--plain", stdin="\n").stdout)

    assert only


def test_a_last_line_without_its_end_is_a_message(flowmend: Program) -> None:
    assert len(turns(flowmend.run("chat", "--plain", stdin=PASTE).stdout)) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\x80 401",
        b"\x00\x00",
        b"401 \x00 Unauthorized \x1b[31m",
        "‮‏​".encode(),
        b"401 Unauthorized " * 60_000,
        b"x" * 3_000_000,
        b'{"a":' * 20_000,
    ],
    ids=["no-utf8", "nul", "controls", "invisible", "a-million", "three-million", "nested"],
)
def test_hostile_lines_get_an_answer(line: bytes, flowmend: Program) -> None:
    hostile, harmless = turns(flowmend.run("chat", "--plain", stdin=line + b"\nhelp\n").stdout)

    assert hostile
    assert harmless
    assert "\x1b" not in "".join(hostile)


def test_the_conversation_goes_on_where_it_stood(flowmend: Program) -> None:
    flowmend.run("chat", "--plain", stdin=f"{PASTE}\n")
    out = flowmend.run("chat", "--plain", stdin="status\ndone\n").stdout

    assert "Step 1 of" in out
    assert "Step 2 of" in turns(out)[1][0]


def test_conversations_and_databases_know_nothing_of_one_another(
    flowmend: Program, tmp_path: Path
) -> None:
    flowmend.run("chat", "--plain", stdin=f"{PASTE}\n")
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"

    for args in (("--conversation", "other"), ("--database", other)):
        assert "Step 1" not in flowmend.run("chat", "--plain", *args, stdin="status\n").stdout


def test_a_kill_in_between_loses_nothing(flowmend: Program) -> None:
    with talking(flowmend) as talk:
        talk.say(PASTE)
        second = talk.say("done")
        talk.running.send_signal(signal.SIGKILL)

    with talking(flowmend) as talk:
        again = talk.say("status")

    assert "Step 2 of" in second[0]
    assert any("Step 2 of" in line for line in again)


def test_kill_at_any_moment_leaves_a_conversation_that_goes_on(flowmend: Program) -> None:
    for pause in (0.0, 0.02, 0.05, 0.1, 0.2):
        with flowmend.start("chat", "--plain") as running:
            assert running.stdin
            running.stdin.write(f"{PASTE}\nfailing\nperson\n".encode())
            running.stdin.flush()
            time.sleep(0.6 + pause)
            running.kill()

    assert turns(flowmend.run("chat", "--plain", stdin="status\n").stdout)


def test_ctrl_c_is_clean(flowmend: Program) -> None:
    with talking(flowmend) as talk:
        talk.say(PASTE)
        talk.running.send_signal(signal.SIGINT)
        code = talk.running.wait(20)
        assert talk.running.stderr
        said = talk.running.stderr.read()

    assert (code, said) == (130, b"")


@pytest.mark.parametrize("pause", [0.05, 0.15, 0.3, 0.5])
def test_ctrl_c_while_it_starts_is_clean(pause: float, flowmend: Program) -> None:
    with talking(flowmend) as talk:
        time.sleep(pause)
        talk.running.send_signal(signal.SIGINT)
        code = talk.running.wait(20)
        assert talk.running.stderr
        said = talk.running.stderr.read()

    assert code in (130, -signal.SIGINT)
    assert b"flowmend" not in said


def test_a_reader_that_leaves_ends_it_quietly(flowmend: Program) -> None:
    with flowmend.start("chat", "--plain") as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(f"{PASTE}\n".encode())
        running.stdin.flush()
        running.stdout.readline()
        running.stdout.close()
        running.stdin.write(b"done\ndone\nhelp\n")
        running.stdin.flush()
        code = running.wait(20)
        said = running.stderr.read()

    assert code in (0, 141)
    assert said == b""
    assert turns(flowmend.run("chat", "--plain", stdin="status\n").stdout)


def test_a_foreign_database_is_left_alone(flowmend: Program, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite3"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = foreign.read_bytes()

    said = flowmend.refuses("chat", "--plain", "--database", f"sqlite:///{foreign}")

    assert str(foreign) in said
    assert foreign.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as one" * 40])
def test_a_file_that_is_no_database_is_left_alone(
    content: bytes, flowmend: Program, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)

    for command in (("chat", "--plain"), ("tickets",)):
        assert str(file) in flowmend.refuses(*command, "--database", f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_folder_that_is_not_there_is_named(flowmend: Program, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}"

    assert "nowhere" in flowmend.refuses("chat", "--plain", "--database", url)


def test_a_wrong_database_or_conversation_is_named(flowmend: Program) -> None:
    assert flowmend.refuses("chat", "--database", "x.db").startswith("--database: write")
    assert flowmend.refuses("chat", "--conversation", "a\nb").startswith("--conversation: give")


def test_a_message_that_cannot_be_stored_is_refused_and_the_next_one_is_taken(
    flowmend: Program, tmp_path: Path
) -> None:
    file = tmp_path / "busy.sqlite3"
    with talking(flowmend, "--database", f"sqlite:///{file}") as talk:
        talk.say("help")
        busy = sqlite3.connect(file, isolation_level=None)
        busy.execute("BEGIN IMMEDIATE")
        refused = talk.say(PASTE)
        busy.close()
        taken = talk.say(PASTE)

    assert "could not be stored" in refused[0]
    assert "(AADSTS50173)" in taken[0]
