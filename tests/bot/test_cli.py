"""All commands alike: help, settings, languages, content that cannot be used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from tests.bot.program import Program


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


@pytest.mark.parametrize(
    ("arguments", "others"),
    [
        (["diagnose", "x"], ["adapters.teams.parse", "aiohttp", "dialogs.engine", "sqlalchemy"]),
        (["chat", "--plain"], ["aiohttp", "prometheus_client", "sqlalchemy.dialects.postgresql"]),
    ],
    ids=["diagnose", "chat"],
)
def test_nobody_waits_for_what_another_command_needs(
    flowmend: Program, arguments: list[str], others: list[str]
) -> None:
    code = (
        f"import json, sys, bot.cli; bot.cli.main({arguments}); print(json.dumps([*sys.modules]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=flowmend.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "dialogs.library" in loaded
    assert not loaded & {*others}


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


@pytest.mark.parametrize(
    "text",
    [
        "フローが 401 で失敗します",
        "流程运行失败，错误代码401",
        "Mein Flow läuft seit heute nicht mehr: 401 Unauthorized",
        "Mon flux échoue depuis hier avec une erreur 401",
        "Mi flujo no funciona desde ayer, error 401",
        "Meu fluxo não funciona desde ontem, erro 401",
    ],
)
def test_a_language_that_is_read_but_not_spoken_is_answered_in_english(
    text: str, flowmend: Program
) -> None:
    assert "sign-in is no longer accepted" in flowmend.run("diagnose", text).stdout
