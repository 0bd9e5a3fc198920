"""What a setting may be: each kind reads its text, or says what to write instead."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from bot.hours import holidays_of, week_of

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})(ms|s|m|h|d)")
_DATABASE = re.compile(r"sqlite:///.+|postgres(ql(\+asyncpg)?)?://.+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"'{value}' is no duration; write it like 500ms, 2s, 15m, 4h or 3d")
    if not int(found[1]):
        raise ValueError(f"'{value}' is too short; it must be longer than nothing")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _patience(value: object) -> timedelta | None:
    return None if value is None or str(value).strip() == "off" else _duration(value)


def _retention(value: timedelta | None) -> timedelta | None:
    if value is not None and value < timedelta(days=1):
        raise ValueError("keep things for 1d at least")
    return value


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", value):
        raise ValueError("write the whole address, like https://front.example/replies")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("there is no such host or port; see how the address is written") from None
    if parts.username is not None:
        raise ValueError("leave out the name and the password, which are not sent")
    return value


def _guid(value: str) -> str:
    if not _GUID.fullmatch(value):
        raise ValueError("write the id like 00000000-0000-0000-0000-000000000000")
    return value.lower()


def _guids(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(_guid(id.strip()) for id in value.split(",") if id.strip())


def _file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError(f"there is no file '{value}'")
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,200}", value):
        raise ValueError("a name is 1 to 200 letters, digits, dots, dashes, colons")
    return value


def _database(value: str) -> str:
    # The value is not repeated: there may be a password in it.
    if not _DATABASE.fullmatch(value):
        raise ValueError(
            "write the database as sqlite:///FILE (sqlite:////FILE from the root)"
            " or postgresql://USER:PASSWORD@HOST/NAME"
        )
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"'{value}' is no language; write its two letters, like en or ko")
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError(f"there is no folder '{value}'")
    return value


def _names(value: object) -> frozenset[str]:
    if isinstance(value, frozenset):
        return value
    names = re.split(r"[\s,;]+", str(value).strip())
    for name in names:
        if not re.fullmatch(r"[a-z]+:\S{1,200}", name):
            raise ValueError(f"'{name}' is nobody's id; write platform and id, like slack:U123")
    return frozenset(names)


def _desks(value: str) -> str:
    for entry in value.split(";"):
        if not re.match(r"\s*[a-z]+:[^:\s]+:\S+", entry):
            raise ValueError(
                f"'{entry.strip()}' is no channel; write platform:tenant:channel and its route,"
                " like slack:T123:C123 team identity language ko"
            )
    return value


def _hours(value: str) -> str:
    week_of(value)
    return value


def _holidays(value: str) -> str:
    holidays_of(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"'{value}' is no time zone; write it like Asia/Seoul") from None
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""500ms, 2s, 15m, 4h, 3d."""
Patience = Annotated[timedelta | None, BeforeValidator(_patience)]
"""A duration, or `off`."""
Retention = Annotated[Patience, AfterValidator(_retention)]
Port = Annotated[int, Field(ge=0, le=65_535)]
Database = Annotated[str, AfterValidator(_database)]
Language = Annotated[str, AfterValidator(_language)]
Url = Annotated[str, AfterValidator(_url)]
Guid = Annotated[str, AfterValidator(_guid)]
Guids = Annotated[frozenset[str], NoDecode, BeforeValidator(_guids)]
ReplicaName = Annotated[str, AfterValidator(_name)]
ExistingFile = Annotated[Path, AfterValidator(_file)]
ExistingFolder = Annotated[Path, AfterValidator(_folder)]
Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_names)]
"""People as `platform:user`."""
DeskRoutes = Annotated[str, AfterValidator(_desks)]
Hours = Annotated[str, AfterValidator(_hours)]
Holidays = Annotated[str, AfterValidator(_holidays)]
Zone = Annotated[str, AfterValidator(_zone)]
