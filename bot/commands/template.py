"""A content file with every line still commented out."""

from __future__ import annotations

import json
from collections.abc import Mapping


def template(about: str, known: Mapping[str, object]) -> str:
    """Return TOML that holds the paths of `known` ("steps.check.say") as commented lines.

    Values are texts or lists of texts. Tables are not commented: an uncommented line below one
    belongs to it.
    """
    lines = [f"# {about}", "# Take the # off a line and write this language's own words there."]
    table = ""
    for path, value in known.items():
        above, key = _cut(path)
        if above != table:
            lines += ["", f"[{above}]"]
            table = above
        lines += [f"# {line}".rstrip() for line in f"{key} = {_value(value)}".split("\n")]
    return "\n".join(lines) + "\n"


def _cut(path: str) -> tuple[str, str]:
    """Return the table of `path` and the key in it, which may be in quotes and hold stops."""
    if path.endswith('"'):
        above, _, key = path[:-1].rpartition('"')
        return above.rstrip("."), f'"{key}"'
    above, _, key = path.rpartition(".")
    return above, key


def _value(value: object) -> str:
    if isinstance(value, str) and "\n" in value:
        inside = "\n".join(map(_escaped, value.split("\n")))
        return f'"""\n{inside}"""'
    if isinstance(value, list | tuple):
        return "\n".join(["[", *(f"    {_value(item)}," for item in value), "]"])
    return f'"{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    """Return `text` as it stands in a basic string: TOML's escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
