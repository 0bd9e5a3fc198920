"""Microsoft's own schema of Adaptive Cards 1.5, strict: no unknown element, no misspelt key."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator


@cache
def _validator() -> Draft6Validator:
    spec = find_spec("adaptive_cards")
    assert spec
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / "schemas" / "schema-1.5.json"
    return Draft6Validator(json.loads(file.read_text("utf-8")))


def faults(card: object) -> list[str]:
    """Return what is wrong with `card`, which must be plain JSON."""
    plain: Any = json.loads(json.dumps(card))
    return [
        f"{'/'.join(map(str, it.path))}: {it.message[:200]}"
        for it in _validator().iter_errors(plain)
    ]
