"""Names in a text: of the failed action and of the flow, by the word that stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.diagnosis.ids import GUID

_ACTION_WORDS = (
    "action", "step", "operation", "aktion", "schritt", "étape", "acción", "ação", "etapa",
    "작업", "동작", "단계", "アクション", "操作", "ステップ", "步骤", "步驟", "动作",
)  # fmt: skip
_FLOW_WORDS = (
    "flow", "logic app", "ablauf", "flux", "flujo", "fluxo",
    "흐름", "플로우", "フロー", "流程", "云端流", "雲端流程",
)  # fmt: skip

_QUOTES = "'\"“”‘’„«»「」『』`"
_QUOTE = re.compile(f"[{_QUOTES}]")
_EACH_QUOTE = tuple(_QUOTES)
_NAME = rf"([^\s{_QUOTES}\n](?:[^{_QUOTES}\n]{{0,98}}[^\s{_QUOTES}\n])?)"
_AFTER = (
    # a key: "flowDisplayName": "..."
    re.compile(
        r"_?(?:display)?_?(?:name)?[\"']\s{0,4}:\s{0,4}[\"']([^\"'\n]{1,200})[\"']", re.IGNORECASE
    ),
    # the flow '...'      flow named "..."      Flow name: „...“
    re.compile(
        r"(?:\s(?:named|called|name|with name|namens|nommée?|llamad[oa]|chamad[oa]))?"
        rf"(?:\s{{1,2}}[{_QUOTES}]|[\"“„«「『])\s?{_NAME}\s?[{_QUOTES}]",
        re.IGNORECASE,
    ),
)
_LABEL = re.compile(
    r"(?: ?name| 이름|이름|名|名称|名稱)?[*_ \t]{0,3}[:：][*_ \t]{0,4}([^\s,;|][^\n,;|]{0,79})",
    re.IGNORECASE,
)
_STATUS_BEHIND = re.compile(
    r"\s+(?:with |[-\u2013(]\s?)?(?:http |error |status )*[45]\d\d\b.*", re.IGNORECASE
)
_BARE = re.compile(r" ([A-Za-z0-9]+(?:_[A-Za-z0-9()]+)+)(?=[\s.,:;)]|$)")
"""A name as Power Automate writes it, which needs no quotes: `Create_item`."""
_LABEL_STARTS = re.compile(
    r"(?:^|[\n,;|(>])[ \t*_>-]{0,6}(?:failed |cloud |work|실패한 )?$", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?:^|[^\w{_QUOTES}])[{_QUOTES}]\s?{_NAME}\s?[{_QUOTES}]\s{{0,2}}(?:work)?$")
_NO_NAME = re.compile(
    rf"(?:Default-)?{GUID}|[\W\d_]+|.*[@{{}}<>\\].*|https?:.*|true|false|null|none"
    r"|.*[.?!]",
    re.IGNORECASE,
)
_PROSE = re.compile(
    r"(?:it|the|my|our|this|that|i|we|is|when|since|after|fails?|failed|error|please|sign|no|not)\b"
    r"|(?:\S{1,40}\s{1,9}){9}",
    re.IGNORECASE,
)
"""How a sentence after a label begins that is no name."""

_READ = 20_000
"""So far names are looked for; who is asked about a flow names it before pasting a log."""
_MOST = 60
"""So many places of one word are looked at."""


def find_action(text: str, low: str) -> str | None:
    """Return the failed action's name as it stands in `text`; `low` is `text` in lower case."""
    return _find(text, low[:_READ], _ACTION_WORDS)


def find_flow(text: str, low: str) -> str | None:
    """Return the flow's name as it stands in `text`; `low` is `text` in lower case."""
    return _find(text, low[:_READ], _FLOW_WORDS)


def _find(text: str, low: str, words: tuple[str, ...]) -> str | None:
    """Return the first name that is set off by quotes, or else the first after a label."""
    quotes = _QUOTE.search(text)
    colons = ":" in text or "：" in text
    if not (quotes or colons or "_" in text):
        return None
    labels: list[str] = []
    for word in [word for word in words if word in low]:
        for start in _places(low, word):
            name = _quoted(text, start, start + len(word)) if quotes else None
            if name:
                return name
            if colons:
                labels += _labelled(text, start, start + len(word))
            if bare := _BARE.match(text, start + len(word)):
                labels.append(bare[1])
    return labels[0] if labels else None


def _places(low: str, word: str) -> Iterator[int]:
    at = low.find(word)
    for _ in range(_MOST):
        if at < 0:
            return
        yield at
        at = low.find(word, at + 1)


def _quoted(text: str, start: int, end: int) -> str | None:
    for pattern in _AFTER:
        match = pattern.match(text, end)
        if match and _is_name(match[1]):
            return match[1].strip()
    if text[max(start - 6, 0) : start].rstrip(" work").endswith(_EACH_QUOTE):
        before = _BEFORE.search(text[max(start - 110, 0) : start])
        if before and _is_name(before[1]):
            return before[1]
    return None


def _labelled(text: str, start: int, end: int) -> Iterator[str]:
    match = _LABEL.match(text, end)
    if match and _LABEL_STARTS.search(text[max(start - 18, 0) : start]):
        name = _STATUS_BEHIND.sub("", match[1]).strip(" \t*_'\"")
        if _is_name(name) and not _PROSE.match(name):
            yield name


def _is_name(value: str) -> bool:
    return _NO_NAME.fullmatch(value.strip()) is None
