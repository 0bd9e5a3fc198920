"""`flowmend manifest`, and `flowmend serve` with Teams, as whoever sets them up runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.bot.program import ROOT, Program

ID = "11111111-1111-4111-8111-111111111111"
APP = {
    "FLOWMEND_TEAMS_APP_ID": ID,
    "FLOWMEND_TEAMS_APP_PASSWORD": "a-secret",
    "FLOWMEND_TEAMS_TENANT_ID": ID,
}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def test_packs_what_teams_needs(program: Program, tmp_path: Path) -> None:
    program.settings.update({**APP, "FLOWMEND_PUBLIC_URL": "https://bot.example.com"})
    out = tmp_path / "app.zip"

    done = program.run("manifest", "teams", "--out", str(out), code=0)

    assert "the messaging endpoint is https://bot.example.com/api/messages" in done.stdout
    with ZipFile(out) as archive:
        assert len(archive.namelist()) == 4


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "FLOWMEND_TEAMS_APP_ID: needed"),
        (APP, "FLOWMEND_PUBLIC_URL: needed"),
        ({**APP, "FLOWMEND_PUBLIC_URL": "http://bot.example.com"}, "FLOWMEND_PUBLIC_URL: needed"),
    ],
)
def test_says_what_it_lacks(program: Program, settings: dict[str, str], why: str) -> None:
    program.settings.update(settings)

    assert why in program.refuses("manifest", "teams", "--out", "app.zip")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"FLOWMEND_TEAMS_APP_ID": "my-bot"}, "TEAMS_APP_ID: write the id like 00000000-"),
        ({"FLOWMEND_TEAMS_APP_ID": ID}, "TEAMS_APP_PASSWORD: needed with"),
        ({"FLOWMEND_TEAMS_APP_PASSWORD": "a-secret"}, "TEAMS_APP_ID: needed with"),
        ({**APP, "FLOWMEND_TEAMS_TENANT_ID": ""}, "TEAMS_TENANT_ID: needed with"),
        ({**APP, "FLOWMEND_TEAMS_APP_TYPE": "UserAssignedMSI"}, "APP_TYPE: a managed identity"),
        ({**APP, "FLOWMEND_TEAMS_APP_TYPE": "Multi"}, "TEAMS_APP_TYPE: input should be"),
        ({**APP, "FLOWMEND_TEAMS_APP_TYPE": "MultiTenant"}, "TEAMS_ALLOWED_TENANTS: needed"),
        ({**APP, "FLOWMEND_TEAMS_APP_CERTIFICATE": "/dev/null"}, "there is no file '/dev/null'"),
        ({**APP, "FLOWMEND_TEAMS_ALLOWED_TENANTS": "contoso"}, "TEAMS_ALLOWED_TENANTS: write"),
        ({**APP, "FLOWMEND_TEAMS_SERVICE_URL": "https://evil.example/"}, "SERVICE_URL: that is no"),
        ({"FLOWMEND_TEAMS_DEV": "1", "FLOWMEND_HOST": "192.0.2.1"}, "TEAMS_DEV: only where nobody"),
        ({"FLOWMEND_TEAMS_DEV": "1", "FLOWMEND_HOST": ""}, None),
    ],
)
def test_teams_that_is_set_up_wrongly_does_not_start(
    program: Program, settings: dict[str, str], why: str | None
) -> None:
    program.settings.update(settings)
    if why is None:
        program.settings["FLOWMEND_DATABASE"] = "sqlite:////no/such/folder/x.sqlite3"
        why = "/no/such/folder"

    said = program.refuses("serve")

    assert why in said
    assert "a-secret" not in said


def test_a_certificate_that_is_none_is_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bot.pem").write_text("no certificate")
    given = {**APP, "FLOWMEND_TEAMS_APP_PASSWORD": ""}
    program.settings.update({**given, "FLOWMEND_TEAMS_APP_CERTIFICATE": str(tmp_path / "bot.pem")})

    assert "FLOWMEND_TEAMS_APP_CERTIFICATE: cannot be used" in program.refuses("serve")


def test_only_who_serves_teams_waits_for_microsofts_sdk() -> None:
    """It takes a second, and is an extra that need not be there."""
    looks = (
        "import sys, bot.app, bot.commands.manifest, adapters.teams;"
        "print(sorted({'botbuilder', 'botframework', 'msrest', 'msal', 'jwt'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", looks], capture_output=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == b"[]"
