"""`flowmend diagnose`, run as its users run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.program import PASTE, ROOT, Program

UNWANTED_BY_DIAGNOSE = ("sqlalchemy", "rich", "prompt_toolkit", "aiohttp", "alembic")


def test_diagnose_says_what_is_wrong_and_underlines_why(flowmend: Program) -> None:
    shown = flowmend.run("diagnose", PASTE).stdout

    assert "(AADSTS50173)" in shown
    assert "Read from your message: AADSTS50173" in shown
    assert "^^^^^^^^^^^" in shown
    assert "\x1b" not in shown


def test_diagnose_speaks_the_language_of_the_message(flowmend: Program) -> None:
    shown = flowmend.run("diagnose", "비밀번호를 바꾼 뒤로 흐름이 401 오류로 실패해요").stdout

    assert "로그인" in shown.splitlines()[0]


def test_diagnose_reads_standard_input(flowmend: Program) -> None:
    assert flowmend.run("diagnose", "-", stdin=PASTE).stdout == (
        flowmend.run("diagnose", PASTE).stdout
    )
    assert flowmend.run("diagnose", stdin=PASTE).stdout == flowmend.run("diagnose", PASTE).stdout


@pytest.mark.parametrize("text", ["", "\x00", "🙂" * 10, "\u202e\u200b", "{" * 5000, "a\n" * 9999])
def test_diagnose_answers_whatever_it_is_given(text: str, flowmend: Program) -> None:
    assert flowmend.run("diagnose", "-", stdin=text).stdout.strip()


def test_diagnose_answers_bytes_that_are_no_text(flowmend: Program) -> None:
    assert flowmend.run("diagnose", "-", stdin=b"\xff\xfe401 Unauthorized\x00\n").stdout.strip()


def test_json_holds_the_whole_answer(flowmend: Program) -> None:
    answer = json.loads(flowmend.run("diagnose", PASTE, "--json").stdout)

    assert list(answer) == [
        "id", "auth_failure", "cause", "kind", "confidence", "who", "why", "http_status", "codes",
        "language", "evidence", "links", "secrets", "text", "also",
    ]  # fmt: skip
    assert (answer["id"], answer["auth_failure"], answer["kind"]) == (None, True, None)
    assert (answer["cause"], answer["who"]) == ("password-changed", ["connection-owner"])
    assert "AADSTS50173" in answer["codes"]
    for why in answer["why"]:
        assert answer["text"][why["start"] : why["end"]] == why["text"]


def test_json_tells_which_secrets_were_hidden(flowmend: Program) -> None:
    secret = "Authorization: Bearer " + "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXBhcnQ"
    answer = json.loads(flowmend.run("diagnose", f"401 {secret}", "--json").stdout)

    assert answer["secrets"]
    assert all(list(one) == ["kind"] for one in answer["secrets"])
    assert "eyJzdWIi" not in answer["text"]


def test_every_process_gives_the_same_answer(flowmend: Program) -> None:
    corpus = (ROOT / "tests" / "corpus" / "reports2.jsonl").read_text("utf-8")
    codes = json.dumps({"text": "E_ACCESSDENIED (0x80070005), then DlpViolation, TOKEN_EXPIRED"})
    answers = {
        Program(flowmend.home, {"PYTHONHASHSEED": seed})
        .run("diagnose", "--jsonl", stdin=f"{codes}\n{corpus}")
        .stdout
        for seed in ("0", "1", "5")
    }

    assert len(answers) == 1


def test_jsonl_answers_line_by_line_in_order(flowmend: Program) -> None:
    lines = [json.dumps({"id": number, "text": PASTE}) for number in range(5)]
    answers = [
        json.loads(line)
        for line in flowmend.run("diagnose", "--jsonl", stdin="\n".join(lines)).stdout.splitlines()
    ]

    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, 4]
    assert {answer["cause"] for answer in answers} == {"password-changed"}


def test_jsonl_stays_one_line_for_readers_that_know_more_line_ends(flowmend: Program) -> None:
    line = json.dumps({"id": 1, "text": "401\u2028Unauthorized\x85on\u2029SharePoint\x0b"})

    (answer,) = flowmend.run("diagnose", "--jsonl", stdin=line).stdout.splitlines()

    assert "\u2028" in json.loads(answer)["text"]


def test_jsonl_answers_before_the_next_line_is_written(flowmend: Program) -> None:
    with flowmend.start("diagnose", "--jsonl") as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(b'{"id": "a", "text": "401 Unauthorized"}\n')
        running.stdin.flush()
        first = json.loads(running.stdout.readline())
        running.stdin.close()
        assert running.wait(20) == 0

    assert first["id"] == "a"


def test_jsonl_answers_a_broken_line_in_its_place_and_goes_on(flowmend: Program) -> None:
    lines = ['{"id": 1, "text": "401"}', "{broken", "", '{"id": 2}', "[1]", '{"id": 3, "text": ""}']

    done = flowmend.run("diagnose", "--jsonl", stdin="\n".join(lines), code=2)
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert [(answer["id"], "error" in answer) for answer in answers] == [
        (1, False),
        (None, True),
        (2, True),
        (None, True),
        (3, False),
    ]
    assert done.stderr == "flowmend: 3 of the lines could not be read; the first is line 2\n"


@pytest.mark.parametrize(
    "line", [b'{"text": "\\ud800 401"}', b"\xff\xfe", b"[" * 100_000, b"1e999"]
)
def test_jsonl_survives_hostile_lines(line: bytes, flowmend: Program) -> None:
    done = flowmend.run(
        "diagnose", "--jsonl", stdin=line + b'\n{"id": 7, "text": "x"}\n', code=None
    )

    assert json.loads(done.stdout.splitlines()[-1])["id"] == 7


def test_an_early_reader_is_left_in_peace(flowmend: Program) -> None:
    many = json.dumps({"id": 1, "text": "401"}) + "\n"
    with flowmend.start("diagnose", "--jsonl") as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        running.stdin.write((many * 200).encode())
        running.stdin.close()
        code = running.wait(20)
        said = running.stderr.read()

    assert (code, said) == (141, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_trouble(closed: str, flowmend: Program) -> None:
    line = f'"$0" -m bot chat --plain {closed} && "$0" -m bot diagnose 401 {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable],
        capture_output=True,
        env=flowmend.environment,
        check=True,
    )

    assert done.stderr == b""


def test_output_that_finds_no_room_is_one_line(flowmend: Program, tmp_path: Path) -> None:
    line = f'ulimit -f 0; exec "$0" -m bot diagnose 401 > {tmp_path}/out'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable],
        capture_output=True,
        env=flowmend.environment,
        check=False,
    )

    assert (done.returncode, done.stderr) == (2, b"flowmend: File too large\n")


def test_diagnose_imports_nothing_it_does_not_need() -> None:
    watched = "import sys; from bot.cli import main; main(['diagnose', '401 Unauthorized']); "
    told = (
        f"print(sorted({{m.split('.')[0] for m in sys.modules}} & set({UNWANTED_BY_DIAGNOSE!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched + told], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
