"""What the commands that look after the store have in common."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from bot import clock
from bot.errors import UserError
from bot.kinds import Duration
from bot.people import OPERATOR
from bot.settings import Settings
from bot.storage import Person, Store, Unavailable
from bot.storage.keeping import Act, Deed
from bot.workings import opened

T = TypeVar("T")

_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_BLANKS = re.compile(r"\s+")


def with_store(
    settings: Settings, work: Callable[[Store], Awaitable[T]], left: str = "nothing was changed"
) -> T:
    """Return what `work` makes of the store; `left` says what became of work that failed."""

    async def done() -> T:
        async with opened(settings) as store:
            return await work(store)

    try:
        return asyncio.run(done())
    except Unavailable as error:
        raise UserError(f"{error}; {left}") from None


def act(what: Deed, about: str = "") -> Act:
    """Return what whoever runs this command does now, for the audit."""
    at = clock.milliseconds(clock.now())
    return Act(at=at, who=operator(), what=what, about=about, key=f"{what}:{uuid4().hex}")


def operator() -> Person:
    """Return whoever runs this command."""
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user need not have a name
        login = str(os.getuid())
    return Person(OPERATOR, "", login)


def duration(option: str, text: str) -> timedelta:
    """Return what `90d` and its like mean. Raises `UserError` naming `option`."""
    try:
        found: timedelta = TypeAdapter(Duration).validate_python(text)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise UserError(f"{option}: {why}") from None
    return found


def minute(milliseconds: int) -> str:
    """Return a moment as people read it."""
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def age(milliseconds: int) -> str:
    """Return a duration in its largest unit: `5d`, `3h`, `12m`, `45s`."""
    seconds = max(milliseconds, 0) // 1000
    unit, size = next((it for it in _UNITS if seconds >= it[1]), _UNITS[-1])
    return f"{seconds // size}{unit}"


def one_line(text: str) -> str:
    """Return `text` without line breaks."""
    return _BLANKS.sub(" ", text).strip()
