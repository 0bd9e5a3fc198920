"""The commands, run as their users run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from tests.bot.program import ROOT, Program

PASTE = json.dumps(
    {
        "status": 401,
        "message": "AADSTS50173: The provided grant has expired due to it being revoked.",
        "source": "SharePoint",
    }
)
UNWANTED_BY_DIAGNOSE = ("sqlalchemy", "rich", "prompt_toolkit", "aiohttp", "alembic")


@pytest.fixture
def flowmend(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_alone_it_shows_every_command(flowmend: Program) -> None:
    shown = flowmend.run().stdout

    assert all(
        name in shown and about in " ".join(shown.split()) for name, about in COMMANDS.items()
    )


def test_tells_its_version(flowmend: Program) -> None:
    assert flowmend.run("--version").stdout.startswith("flowmend 0.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str, flowmend: Program) -> None:
    shown = flowmend.run(command, "--help").stdout

    assert f"  flowmend {command}" in shown or f"| flowmend {command}" in shown


def test_an_unknown_command_is_refused(flowmend: Program) -> None:
    assert "invalid choice: 'fix'" in flowmend.run("fix", code=2).stderr


def test_a_wrong_setting_is_one_line(flowmend: Program) -> None:
    assert flowmend.set(LANGUAGE="xx").refuses("diagnose", "401") == (
        "FLOWMEND_LANGUAGE: no language 'xx'; there are en, ko"
    )


def test_an_unknown_language_is_one_line(flowmend: Program) -> None:
    for command in (("chat",), ("check",), ("explain", "401")):
        assert flowmend.refuses(*command, "--language", "xx") == (
            "--language: no language 'xx'; there are en, ko"
        )


def test_a_broken_playbook_is_named_with_its_file_and_key(
    flowmend: Program, tmp_path: Path
) -> None:
    (tmp_path / "playbooks").mkdir()
    broken = tmp_path / "playbooks" / "password-changed.toml"
    broken.write_text('[steps.check]\nsai = "x"\n')

    said = flowmend.set(PLAYBOOKS=str(tmp_path)).refuses("diagnose", "401")

    assert str(broken) in said
    assert "sai" in said


def test_a_deployers_own_words_are_used(flowmend: Program, tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    own = tmp_path / "playbooks" / "password-changed.toml"
    own.write_text('fix = "Call Kim on 1234."\n')

    shown = flowmend.set(PLAYBOOKS=str(tmp_path)).run("explain", "AADSTS50173").stdout

    assert "Call Kim on 1234." in shown


# diagnose


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


def test_jsonl_answers_line_by_line_in_order(flowmend: Program) -> None:
    lines = [json.dumps({"id": number, "text": PASTE}) for number in range(5)]
    answers = [
        json.loads(line)
        for line in flowmend.run("diagnose", "--jsonl", stdin="\n".join(lines)).stdout.splitlines()
    ]

    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, 4]
    assert {answer["cause"] for answer in answers} == {"password-changed"}


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


def test_diagnose_imports_nothing_it_does_not_need() -> None:
    watched = "import sys; from bot.cli import main; main(['diagnose', '401 Unauthorized']); "
    told = (
        f"print(sorted({{m.split('.')[0] for m in sys.modules}} & set({UNWANTED_BY_DIAGNOSE!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched + told], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


# evaluate


def labelled(*rows: tuple[str, str, str | None, str]) -> str:
    names = ("text", "label", "cause", "lang")
    return "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)


ROWS = labelled(
    (PASTE, "auth", "password-changed", "en"),
    (PASTE, "auth", "mfa-required", "en"),
    (PASTE, "not_auth", None, "ko"),
    ("See you in room 12", "auth", "sign-in-again", "ko"),
    ("See you in room 12", "not_auth", None, "ko"),
)


def test_evaluate_counts_by_language_and_names_the_misses(
    flowmend: Program, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(ROWS)

    shown = [line.split() for line in flowmend.run("evaluate", str(file)).stdout.splitlines()]

    assert shown[1] == ["en", "2", "1.000", "1.000", "1.000", "0.500", "0.500"]
    assert shown[2] == ["ko", "3", "0.000", "0.000", "0.000", "-", "0.000"]
    assert shown[3] == ["total", "5", "0.667", "0.667", "0.667", "0.500", "0.333"]
    assert shown[5] == ["3", "missed:"]
    assert shown[6][:7] == [
        "line", "2:", "expected", "auth", "(mfa-required),", "got", "auth",
    ]  # fmt: skip


def test_evaluate_for_machines(flowmend: Program) -> None:
    report = json.loads(flowmend.run("evaluate", "-", "--json", stdin=ROWS).stdout)

    assert report["total"]["messages"] == 5
    assert sorted(report["languages"]) == ["en", "ko"]
    assert [miss["line"] for miss in report["misses"]] == [2, 3, 4]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("{", ":1: no JSON"),
        ('\n["x"]', ":2: no JSON object"),
        ('{"label": "auth"}', ":1: text: is missing"),
        ('{"text": "x", "label": "maybe"}', ":1: label: must be 'auth' or 'not_auth'"),
        ('{"text": "x", "label": "auth", "cause": 3}', ":1: cause: must be the id of a cause"),
    ],
)
def test_evaluate_names_the_line_and_key_that_are_wrong(
    rows: str, said: str, flowmend: Program, tmp_path: Path
) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(rows)

    assert flowmend.refuses("evaluate", str(file)).startswith(f"{file}{said}")


def test_evaluate_names_a_file_that_is_not_there(flowmend: Program) -> None:
    assert flowmend.refuses("evaluate", "nowhere.jsonl") == (
        "nowhere.jsonl: No such file or directory"
    )


# explain


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AADSTS50173", "Signed out by a password change"),
        ("50173", "Signed out by a password change"),
        ("aadsts 50173", "Signed out by a password change"),
    ],
)
def test_explain_finds_a_code_however_it_is_written(
    code: str, cause: str, flowmend: Program
) -> None:
    shown = flowmend.run("explain", code).stdout

    assert "signed out" in shown
    assert "(AADSTS50173)" in shown
    assert "\n1. " in shown
    assert "https://learn.microsoft.com/" in shown
    assert "https://login.microsoftonline.com/error?code=50173" in shown


@pytest.mark.parametrize(
    "code",
    ["401", "403", "429", "ConnectionAuthorizationFailed", "0x80040220", "18456", "DlpViolation"],
)
def test_explain_knows_codes_of_every_kind(code: str, flowmend: Program) -> None:
    assert flowmend.run("explain", code).stdout.strip()


def test_explain_speaks_korean(flowmend: Program) -> None:
    assert "연결" in flowmend.run("explain", "401", "--language", "ko").stdout


def test_explain_says_when_a_code_is_unknown(flowmend: Program) -> None:
    unknown = flowmend.run("explain", "AADSTS9999999", code=1).stdout

    assert "https://login.microsoftonline.com/error?code=9999999" in unknown
    assert "no such code" in flowmend.run("explain", "banana", code=1).stdout
    assert "no such code" in flowmend.run("explain", "999", code=1).stdout


# check and add-language


def test_the_content_is_clean(flowmend: Program) -> None:
    assert flowmend.run("check").stdout.startswith("no findings in 24 causes")


def test_a_new_language_is_laid_out_and_its_gaps_are_listed(
    flowmend: Program, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    program = flowmend.set(PLAYBOOKS=str(own))

    program.run("add-language", "de")
    gaps = program.run("check", "--language", "de", code=1).stdout

    assert (own / "locales" / "de" / "password-changed.toml").is_file()
    assert "de/password-changed: verdict: is missing" in gaps
    assert "de/_words: phrases.greeting: is missing" in gaps
    assert program.run("diagnose", PASTE).stdout == flowmend.run("diagnose", PASTE).stdout


def test_a_language_that_is_there_is_not_laid_out_again(flowmend: Program, tmp_path: Path) -> None:
    flowmend.run("add-language", "de", "--into", str(tmp_path))
    before = sorted((tmp_path / "locales").rglob("*"))

    said = flowmend.refuses("add-language", "de", "--into", str(tmp_path))

    assert "'de' is there already" in said
    assert sorted((tmp_path / "locales").rglob("*")) == before
    assert "'ko' is there already" in flowmend.refuses("add-language", "ko")


@pytest.mark.parametrize("name", ["deutsch", "D", "DE", "../x", "한국"])
def test_a_language_is_two_letters(name: str, flowmend: Program) -> None:
    assert "is no language" in flowmend.refuses("add-language", name)


def test_a_folder_that_cannot_be_made_is_one_line(flowmend: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    said = flowmend.refuses("add-language", "de", "--into", str(tmp_path / "file"))

    assert "--into DIR puts it elsewhere" in said
