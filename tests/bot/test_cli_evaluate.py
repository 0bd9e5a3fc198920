"""`flowmend evaluate`: figures and misses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.program import PASTE, Program


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


def test_evaluate_prints_nothing_that_steers_a_terminal(flowmend: Program) -> None:
    row = {
        "text": "my \x1b[31mflow\x07 runs fine",
        "label": "auth",
        "cause": None,
        "lang": "\x1b[2J",
    }
    shown = flowmend.run("evaluate", "-", stdin=json.dumps(row)).stdout

    assert "my flow runs fine" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown
