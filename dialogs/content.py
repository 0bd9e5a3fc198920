"""Content files laid over one another: a deployer's over ours, a language over English.

Everything here works on what `tomllib` returns. Nothing is read, and what a playbook must be is
said in `playbook.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Raw = dict[str, Any]
"""A TOML table."""

Model = TypeVar("Model", bound=BaseModel)

_TRANSLATED = {"title", "verdict", "fix", "settle", "help", "says"}
_TRANSLATED_IN_STEP = {"say", "send"}
_BARE = re.compile(r"[\w-]+", re.ASCII)
_PLAINER = {"extra_forbidden": "unknown key", "missing": "is missing"}


class BadContent(Exception):
    """The content cannot be used; the message names file and key in one line."""


@dataclass(frozen=True, slots=True)
class File:
    """One content file."""

    name: str
    """As it is shown to whoever has to mend it."""
    raw: Raw


def lay(under: Raw, over: Raw) -> Raw:
    """Return `under` with the keys of `over` in it, table by table."""
    both = dict(under)
    for key, value in over.items():
        below = under.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            value = lay(below, value)
        both[key] = value
    return both


def stack(*layers: Raw) -> Raw:
    """Return all `layers` laid over one another, the last on top."""
    return reduce(lay, layers, {})


def with_common(own: Raw, common: Raw, over: Raw) -> tuple[Raw, Set[str]]:
    """Return the playbook `own` with `over` upon it, and the names of its common steps.

    A common step that a `goto` names joins the playbook, unless it has its own of that name.
    Where `own` has none, `over` may change single words of the common one.
    """
    steps = table(own, "steps")
    shared = {name for name in table(over, "steps") if name in common and name not in steps}
    laid = lay({**own, "steps": steps | {name: common[name] for name in shared}}, over)
    joined = dict(table(laid, "steps"))
    todo = [laid.get("start"), *(goto for step in joined.values() for goto in _gotos(step))]
    while todo:
        name = todo.pop()
        if isinstance(name, str) and name in common and name not in joined:
            shared.add(name)
            joined[name] = common[name]
            todo += _gotos(common[name])
    return {**laid, "steps": joined}, shared


def translate(english: Raw, words: Sequence[File]) -> Raw:
    """Return `english` with the texts of `words` laid over it, the last on top.

    Raises `BadContent` when there is a key in them that is no text of `english`.
    """
    known = dict(texts(english))
    for file in words:
        for path, _ in leaves(file.raw):
            if path not in known:
                raise BadContent(f"{file.name}: {path}: there is no such text in English")
    return stack(english, *(file.raw for file in words))


def texts(raw: Raw) -> Iterator[tuple[str, str]]:
    """Yield path and words of every text that a language can have of its own."""
    for path, value in leaves(raw):
        match path.split("."):
            case [key] if key in _TRANSLATED:
                yield path, value
            case ["steps", _, key] if key in _TRANSLATED_IN_STEP:
                yield path, value
            case ["labels", _] | ["by_connector", _, *_]:
                yield path, value


def build(model: type[Model], raw: Raw, layers: Sequence[File]) -> Model:
    """Return the checked model of `raw`; `layers` are the files that made it, topmost first.

    Raises `BadContent` naming the topmost of them that has the wrong key.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    why = _PLAINER.get(first["type"], first["msg"].removeprefix("Value error, "))
    key = ".".join(str(part) for part in first["loc"])
    said = f"{key}: {why}" if key else why
    wrong = said.split(": ")[0]
    file = _blamed(wrong, layers)
    if not key and file != layers[0].name and wrong not in _text_keys(raw):
        file = f"{file} (under {layers[0].name})"
    raise BadContent(f"{file}: {said}")


def _text_keys(raw: Raw) -> Set[str]:
    return {path.replace('"', "") for path, _ in texts(raw)}


def table(raw: Raw, key: str) -> Raw:
    """Return the table `key` of `raw`; an empty one when there is none."""
    found = raw.get(key)
    return found if isinstance(found, dict) else {}


def _gotos(step: Any) -> list[Any]:
    if not isinstance(step, dict):
        return []
    return [step.get("done"), step.get("failing"), *table(step, "choices").values()]


def leaves(raw: Raw, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path ("steps.check.say") and value of everything in `raw` that is no table.

    Keys that TOML wants in quotes stand in quotes.
    """
    for key, value in raw.items():
        written = key if _BARE.fullmatch(key) else f'"{key}"'
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{written}.")
        else:
            yield f"{before}{written}", value


def _blamed(path: str, layers: Sequence[File]) -> str:
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        for file in layers:
            if _has(file.raw, parts[:length]):
                return file.name
    return layers[0].name


def _has(raw: Any, parts: Sequence[str]) -> bool:
    for part in parts:
        if not isinstance(raw, dict) or part not in raw:
            return False
        raw = raw[part]
    return True
