"""`flowmend explain`, `check` and `add-language`: the content, looked at from outside."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.bot.program import PASTE, Program


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


def test_explain_knows_a_code_that_often_wraps_another(flowmend: Program) -> None:
    assert "client secret" in flowmend.run("explain", "AADSTS70002").stdout


def test_explain_says_when_a_code_is_unknown(flowmend: Program) -> None:
    unknown = flowmend.run("explain", "AADSTS9999999", code=1).stdout

    assert "https://login.microsoftonline.com/error?code=9999999" in unknown
    assert "no such code" in flowmend.run("explain", "banana", code=1).stdout
    assert flowmend.run("explain", "ba\nna", code=1).stdout.count("\n") == 1
    assert "no such code" in flowmend.run("explain", "999", code=1).stdout


def test_the_content_is_clean(flowmend: Program) -> None:
    assert flowmend.run("check").stdout.startswith("no findings in ")


def test_a_new_language_is_laid_out_and_its_gaps_are_listed(
    flowmend: Program, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    program = flowmend.set(PLAYBOOKS=str(own))

    program.run("add-language", "de")
    gaps = program.run("check", "--language", "de", code=1).stdout

    assert (own / "locales" / "de" / "password-changed.toml").is_file()
    assert "de/_words: name: is missing" in gaps
    assert "de/password-changed: verdict: is missing" in gaps
    assert "de/_words: phrases.greeting: is missing" in gaps
    assert program.run("diagnose", PASTE).stdout == flowmend.run("diagnose", PASTE).stdout


def test_a_language_that_is_laid_out_can_be_uncommented(flowmend: Program, tmp_path: Path) -> None:
    flowmend.run("add-language", "de", "--into", str(tmp_path))

    for file in (tmp_path / "locales" / "de").glob("*.toml"):
        said = file.read_text("utf-8").replace("\n# ", "\n").split("\n", 2)[2]
        assert tomllib.loads(said)


def test_words_for_a_connector_that_does_not_exist_are_found(
    flowmend: Program, tmp_path: Path
) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "not-permitted.toml").write_text(
        "[by_connector.thing]\nSharepoint = 'that site'", "utf-8"
    )

    found = flowmend.set(PLAYBOOKS=str(tmp_path)).run("check", code=1).stdout

    assert "not-permitted: by_connector.thing: no connector is called 'Sharepoint'" in found


def test_a_language_is_spoken_as_soon_as_it_has_a_name(flowmend: Program, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    program = flowmend.set(PLAYBOOKS=str(own))
    program.run("add-language", "de")
    asked = "speak German\n"
    before = program.run("chat", "--plain", stdin=asked).stdout
    (own / "locales" / "de" / "_words.toml").write_text(
        'name = "Deutsch"\n[phrases]\nlanguage = "Weiter auf Deutsch."', "utf-8"
    )

    after = program.run("chat", "--plain", stdin=asked).stdout

    assert "I speak English, 한국어." in before
    assert "Weiter auf Deutsch." in after


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
