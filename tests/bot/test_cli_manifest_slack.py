"""`flowmend manifest`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.bot.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_prints_the_manifest_of_socket_mode(program: Program) -> None:
    told = yaml.safe_load(program.run("manifest", "slack", "--socket").stdout)

    assert told["settings"]["socket_mode_enabled"] is True


def test_writes_the_manifest_of_an_address(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "slack.yaml"
    ours = program.set(PUBLIC_URL="https://bot.example.com")

    said = ours.run("manifest", "slack", "--out", str(out)).stdout

    assert "api.slack.com/apps" in said
    assert "https://bot.example.com/slack/events" in out.read_text("utf-8")


@pytest.mark.parametrize("url", [None, "http://bot.example.com"])
def test_asks_for_the_address(program: Program, url: str | None) -> None:
    ours = program.set(PUBLIC_URL=url) if url else program

    assert "FLOWMEND_PUBLIC_URL: needed" in ours.refuses("manifest", "slack")


def test_slack_is_not_imported_for_others(program: Program) -> None:
    code = "; ".join(
        (
            "import sys, bot.app, bot.cli",
            "bot.cli.main(['manifest', 'slack', '--socket'])",
            "print(*[m for m in sys.modules if m.startswith('slack_')], file=sys.stderr)",
        )
    )

    done = subprocess.run(
        [sys.executable, "-c", code], env=program.environment, capture_output=True, check=True
    )

    assert done.stderr.decode().strip() == ""
