"""Slack's own types, as JSON schemas, with the limits that stand only in their comments."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

HERE = Path(__file__).parent
_MOST = re.compile(r"(?:max(?:imum)?|up to|limit)\b[^.]*?(\d[\d,]*)", re.IGNORECASE)
_LEAST = re.compile(r"minimum length[^.]*? is (\d+)", re.IGNORECASE)

Json = dict[str, Any]


class SlackType:
    """A type that payloads are held against."""

    def __init__(self, schema: Json) -> None:
        self._validator = Draft7Validator(schema)
        self._good: set[str] = set()

    def problem(self, payload: object) -> str | None:
        """Return what is wrong with `payload`; None when nothing is."""
        name = json.dumps(payload, sort_keys=True)
        if name in self._good or self._validator.is_valid(payload):
            self._good.add(name)
            return None
        error = best_match(self._validator.iter_errors(payload))
        assert error
        where = "/".join(map(str, error.absolute_path))
        return f"{where}: {error.message[:300]}"


def slack_types() -> dict[str, SlackType]:
    """Return the types that `types.ts` names. Takes some seconds: made anew each time."""
    made = subprocess.run(["node", HERE / "schemas.mjs"], capture_output=True, check=True)
    schemas: dict[str, Json] = json.loads(made.stdout)
    for schema in schemas.values():
        for definition in schema["definitions"].values():
            for field in definition.get("properties", {}).values():
                _limit(field)
    return {name: SlackType(schema) for name, schema in schemas.items()}


def _limit(field: Json) -> None:
    """Put what the comment of `field` says into its schema."""
    for sentence in _sentences(field.get("description", "")):
        found = _MOST.search(sentence)
        if not found:
            continue
        most = int(found[1].replace(",", ""))
        counts = "length" in sentence.lower() or "character" in sentence.lower()
        if field.get("type") == "array":
            _limit_array(field, most, texts=counts)
        elif counts:
            _limit_text(field, most)
    if field.get("type") == "string" and (least := _LEAST.search(field.get("description", ""))):
        field["minLength"] = int(least[1])


def _limit_array(field: Json, most: int, *, texts: bool) -> None:
    if not texts:
        field["maxItems"] = most
    else:
        field["items"] = {"allOf": [field["items"], {"properties": {"text": {"maxLength": most}}}]}


def _limit_text(field: Json, most: int) -> None:
    if field.get("type") == "string":
        field["maxLength"] = most
        return
    own = dict(field)
    field.clear()
    field["allOf"] = [own, {"properties": {"text": {"maxLength": most}}}]


def _sentences(text: str) -> Iterator[str]:
    yield from re.split(r"\.\s+", " ".join(text.split()))
