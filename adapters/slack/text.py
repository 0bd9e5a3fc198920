"""Slack's way of writing text: `&lt;`, `<https://x|x>`, `<@U1>`. In plain words, and back.

docs.slack.dev, "Formatting message text": & < > are escaped both ways, everything between < and >
is Slack's own.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9_]+)(?:\|[^<>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(text: str) -> str:
    """Return `text` as the person saw it. Addresses stay whole: evidence is read out of them."""
    shown = _TAG.sub(lambda tag: _shown(tag[1]), text)
    for entity, character in _ENTITIES:  # & last: "&amp;lt;" was typed as "&lt;"
        shown = shown.replace(entity, character)
    return shown.strip()


def escape(text: str) -> str:
    """Return `text` so that Slack shows it as it is: no mention, no link, no command."""
    for entity, character in reversed(_ENTITIES):
        text = text.replace(character, entity)
    return text


def mentioned(text: str) -> set[str]:
    """Return the users whom `text` mentions."""
    return set(_MENTION.findall(text))


def without(user: str, text: str) -> str:
    """Return `text` without the mentions of `user`."""
    return _MENTION.sub(lambda found: "" if found[1] == user else found[0], text)


def _shown(tag: str) -> str:
    target, _, label = tag.partition("|")
    if target.startswith(("@", "#")):
        return f"{target[0]}{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or address.endswith(label):
        return label or address
    return f"{label} {address}"
