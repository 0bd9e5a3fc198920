"""Our values to JSON text and back: `{"ClassName":{...}}`."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bot.storage import Unreadable
from dialogs import events, replies, state, ticket

_TAGGED = re.compile(r'\{"(\w+)":(.*)\}', re.DOTALL)


@cache
def _classes() -> dict[str, type[Any]]:
    unions = (events.Event, replies.Reply, replies.Effect, state.State, ticket.TicketState)
    found = {c.__name__: c for union in unions for c in get_args(union)}
    return found | {events.Origin.__name__: events.Origin, ticket.Desk.__name__: ticket.Desk}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(_classes()[name])
    except KeyError:
        raise Unreadable(f"nothing here is called '{name}'") from None


@cache
def _ambiguous(name: str) -> tuple[str, ...]:
    """Fields that hold one class of several: without a tag the fields could not tell which."""
    hints = get_type_hints(_classes()[name])
    return tuple(f.name for f in fields(_classes()[name]) if _is_choice(hints[f.name]))


def _is_choice(hint: object) -> bool:
    return get_origin(hint) in (Union, UnionType) and sum(map(is_dataclass, get_args(hint))) > 1


def prepare() -> None:
    """Build now what would otherwise be built when it is first needed: a tenth of a second."""
    for name in _classes():
        _adapter(name)
        _ambiguous(name)


def dump(value: object) -> str:
    """Return `value`, an instance of one of the stored classes, as text."""
    name = type(value).__name__
    body = _adapter(name).dump_json(value).decode()
    if nested := _ambiguous(name):
        tagged = {field: json.loads(dump(getattr(value, field))) for field in nested}
        body = json.dumps(json.loads(body) | tagged, ensure_ascii=False)
    return f'{{"{name}":{body}}}'


def load(text: str) -> Any:
    """Return the value that `dump` wrote. Raises `Unreadable`."""
    found = _TAGGED.fullmatch(text)
    if not found:
        raise Unreadable("this is not a stored value")
    name, body = found.groups()
    adapter = _adapter(name)
    try:
        if not (nested := _ambiguous(name)):
            return adapter.validate_json(body)
        parts = json.loads(body)
        return adapter.validate_python(
            parts | {field: load(json.dumps(parts[field])) for field in nested}
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"this is no '{name}': {_what(error)}") from None


def _what(error: Exception) -> str:
    """Say what is wrong without repeating what a person may have written."""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['type']}"
    return type(error).__name__
