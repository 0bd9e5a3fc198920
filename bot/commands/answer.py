"""The answer object: a diagnosis as JSON."""

from __future__ import annotations

import json
from typing import Any

from dialogs.diagnosis.model import Diagnosis, Evidence

_EVIDENCE = tuple(Evidence.__dataclass_fields__)
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""They may stand in JSON as they are, but to many readers a line ends there."""


def answer(diagnosis: Diagnosis, id: object = None) -> str:
    """Return one line of JSON; `id` is what the asker called the text.

    Spans in `why` count code points of `text`, end exclusive. What was not found is null.
    """
    found: dict[str, Any] = {
        "id": id,
        "auth_failure": diagnosis.auth_failure,
        "cause": diagnosis.cause,
        "kind": diagnosis.kind,
        "confidence": diagnosis.confidence,
        "who": diagnosis.who,
        "why": [
            {"start": it.start, "end": it.end, "text": it.text, "sign": it.sign}
            for it in diagnosis.why
        ],
        "http_status": diagnosis.http_status,
        "codes": diagnosis.codes,
        "language": diagnosis.language,
        "evidence": {name: getattr(diagnosis.evidence, name) for name in _EVIDENCE},
        "links": dict(diagnosis.links),
        "secrets": [{"kind": kind} for kind in diagnosis.secrets],
        "text": diagnosis.text,
        "also": diagnosis.also,
    }
    return _line(found)


def failure(id: object, error: str) -> str:
    """Return the line that stands for a text that could not be read."""
    return _line({"id": id, "error": error})


def _line(found: dict[str, Any]) -> str:
    line = _encode(found)
    for character, escape in _BREAKS.items():
        if character in line:
            line = line.replace(character, escape)
    return line
