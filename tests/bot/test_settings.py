"""Settings: read once, frozen, and wrong ones named in one line."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.cli import COMMANDS
from bot.errors import UserError
from bot.settings import PREFIX, Settings, read

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_without_any_setting_everything_has_a_default() -> None:
    settings = read()

    assert settings.database.startswith("sqlite:///")
    assert settings.database.endswith("flowmend.sqlite3")
    assert (settings.language, settings.playbooks, settings.fallback_contact) == ("en", None, None)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("2s", timedelta(seconds=2)),
        ("15m", timedelta(minutes=15)),
        ("4h", timedelta(hours=4)),
        ("3d", timedelta(days=3)),
    ],
)
def test_durations_have_units(
    written: str, meant: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWMEND_OUTBOX_LEASE", written)

    assert read().outbox_lease == meant


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWMEND_DATABASE", "sqlite:///from-environment")

    assert read({"database": "sqlite:///from-option"}).database == "sqlite:///from-option"
    assert read({"database": None}).database == "sqlite:///from-environment"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_postgresql_is_a_database(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWMEND_DATABASE", f"{scheme}://me:pw@host/db")

    assert read().database == f"{scheme}://me:pw@host/db"


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWMEND_LANGUAGE", "")

    assert read().language == "en"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LANGUAGE", "korean", "FLOWMEND_LANGUAGE: 'korean' is no language"),
        ("DATABASE", "mysql://me:hunter2@host/db", "FLOWMEND_DATABASE: write the database as"),
        ("DATABASE", "flowmend.db", "FLOWMEND_DATABASE: write the database as sqlite:///FILE"),
        (
            "PLAYBOOKS",
            "/no/such/folder",
            "FLOWMEND_PLAYBOOKS: there is no folder '/no/such/folder'",
        ),
        ("TIME_ZONE", "Mars/X", "FLOWMEND_TIME_ZONE: 'Mars/X' is no time zone; write it like"),
        ("TIME_ZONE", "Asia", "FLOWMEND_TIME_ZONE: 'Asia' is no time zone; write it like"),
        ("HTTP_REPLY_URL", "http://me:pw@host/r", "FLOWMEND_HTTP_REPLY_URL: leave out the name"),
        ("HTTP_REPLY_URL", "http://host:99999/r", "FLOWMEND_HTTP_REPLY_URL: there is no such host"),
        ("OUTBOX_LEASE", "2", "FLOWMEND_OUTBOX_LEASE: '2' is no duration; write it like"),
        ("OUTBOX_LEASE", "0s", "FLOWMEND_OUTBOX_LEASE: '0s' is too short"),
        ("OUTBOX_ATTEMPTS", "many", "FLOWMEND_OUTBOX_ATTEMPTS: input should be a valid integer"),
        ("OUTBOX_ATTEMPTS", "0", "FLOWMEND_OUTBOX_ATTEMPTS: input should be greater"),
        (
            "DATABSE",
            "sqlite:///x",
            "FLOWMEND_DATABSE: there is no such setting; is FLOWMEND_DATABASE",
        ),
        (
            "COLOUR",
            "red",
            "FLOWMEND_COLOUR: there is no such setting; known are FLOWMEND_ADMINISTRATORS",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", value)

    with pytest.raises(UserError, match=re.escape(said)) as raised:
        read()

    assert "\n" not in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_wrong_option_is_named_as_the_option() -> None:
    with pytest.raises(UserError, match=r"^--database: write the database as sqlite:///FILE"):
        read({"database": "flowmend.db"})


def test_settings_cannot_be_changed() -> None:
    settings = read()

    with pytest.raises(ValidationError, match="frozen"):
        setattr(settings, "language", "ko")  # noqa: B010 - the type checker refuses the plain form


def test_readme_names_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `FLOWMEND_(\w+)` \| (.+?) \|", README.read_text("utf-8"), re.M))
    plain = {key: field.default for key, field in Settings.model_fields.items()}

    assert list(rows) == [key.upper() for key in Settings.model_fields]
    for key, default in plain.items():
        if isinstance(default, int | str):
            assert rows[key.upper()] == f"`{default}`"
        if isinstance(default, timedelta):
            assert getattr(read({key: rows[key.upper()].strip("`")}), key) == default


def test_readme_names_every_command() -> None:
    rows = re.findall(
        r"^\| `flowmend ([\w-]+)` \| (.+?)(?:;.*)? \|$", README.read_text("utf-8"), re.M
    )

    assert dict(rows) == COMMANDS
