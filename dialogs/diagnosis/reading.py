"""Everything that was read on one page, counted by kind: what the verdict is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dialogs.diagnosis.codes import Code
from dialogs.diagnosis.manner import place, ways_of_talking
from dialogs.diagnosis.matching import Found, Span
from dialogs.diagnosis.page import Page
from dialogs.diagnosis.reader import Reader, Source
from dialogs.diagnosis.statuses import Status
from dialogs.diagnosis.weights import MOST

GENERAL = ("sign-in-again", "not-permitted")
"""Causes that stand when nothing more specific is known: of a 401 and of a 403."""
_OF_STATUS = {401: "sign-in-again", 403: "not-permitted"}
_STATUS_FEATURE = {3: "status-named", 2: "status-met", 1: "status-number"}


class Hit(NamedTuple):
    """One sign on the page."""

    span: Span
    source: str
    strength: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The signs of one page, by what they speak for."""

    hits: Mapping[str, Sequence[Hit]]
    """By cause or look-alike."""
    codes: Sequence[Code]
    statuses: Sequence[Status]
    features: Mapping[str, int]
    """Counts by the names of `weights.WEIGHTS`."""
    elsewhere: bool
    """True when another system is named, and none that is at home here."""


def read(page: Page, reader: Reader) -> Reading:
    """Return all that `reader` finds on `page`."""
    found = reader.words(page)
    codes = list(reader.codes.find(page))
    statuses = list(reader.statuses.find(page))
    hits: dict[str, list[Hit]] = {}
    for span, sign in reader.signs(found, page):
        hits.setdefault(sign.source, []).append(Hit(span, sign.source, sign.strength))
    for code in codes:
        source = code.source or "sign-in-again"
        hits.setdefault(source, []).append(Hit((code.start, code.end), source, 4))
    hits, inner = _unwrapped(hits, statuses, reader)
    elsewhere = reader.is_elsewhere(found)
    return Reading(hits, codes, statuses, _count(hits, inner, page, found, reader), elsewhere)


def _count(
    hits: Mapping[str, Sequence[Hit]],
    statuses: Sequence[Status],
    page: Page,
    found: Found,
    reader: Reader,
) -> Mapping[str, int]:
    """Return how often each feature of `weights.WEIGHTS` was read, up to `weights.MOST`."""
    counts = ways_of_talking(found, page, reader.circumstances)
    for name in (*_of_hits(hits, reader.sources), *_of_statuses(statuses)):
        counts[name] = min(counts.get(name, 0) + 1, MOST.get(name, 1))
    if "?" in page.low or "？" in page.low:
        counts["asks"] = 1
    counts.update(dict.fromkeys(_of_places(hits, statuses, counts, page, reader.sources), 1))
    return counts


def _of_places(
    hits: Mapping[str, Sequence[Hit]],
    statuses: Iterable[Status],
    counts: Mapping[str, int],
    page: Page,
    sources: Mapping[str, Source],
) -> Iterable[str]:
    named = [status.start for status in statuses if status.number in _OF_STATUS]
    about: list[int] = []
    for id, places in hits.items():
        if sources[id].failure:
            named += [hit.span[0] for hit in places if hit.strength > 1]
        elif sources[id].about:
            about += [hit.span[0] for hit in places if hit.strength > 2]
    return place(named, about, counts, page)


def _unwrapped(
    hits: Mapping[str, list[Hit]], statuses: Sequence[Status], reader: Reader
) -> tuple[dict[str, list[Hit]], list[Status]]:
    """Leave out what only wraps a named failure, and what is part of its own wording.

    A 502 around "Login failed for user" is no server error, and the "not found" of AADSTS700016 is
    no missing file.
    """
    sources = reader.sources
    named = [
        hit.span
        for id, places in hits.items()
        if sources[id].failure
        for hit in places
        if hit.strength > 2
    ]
    if not named and not any(s.strength > 2 and s.number in _OF_STATUS for s in statuses):
        return dict(hits), list(statuses)
    kept = {
        id: [
            hit
            for hit in places
            if sources[id].failure
            or not any(start <= hit.span[0] and hit.span[1] <= end for start, end in named)
        ]
        for id, places in hits.items()
        if not sources[id].wraps
    }
    inner = [status for status in statuses if status.number not in reader.wrapped]
    return {id: places for id, places in kept.items() if places}, inner


def _of_hits(hits: Mapping[str, Sequence[Hit]], sources: Mapping[str, Source]) -> Iterable[str]:
    for id, places in hits.items():
        source = sources[id]
        for hit in places:
            yield _feature(id, hit.strength, about=source.about, failure=source.failure)


@cache
def _feature(id: str, strength: int, *, about: bool, failure: bool) -> str:
    if about:
        return f"{id}-{'strong' if strength > 2 else 'weak'}"
    if not failure:
        return {4: "other-code", 3: "other-machine"}.get(strength, "other-words")
    if strength in (4, 1):
        return "code" if strength == 4 else "hint"
    kind = "general" if id in GENERAL else "specific"
    return f"{'machine' if strength == 3 else 'words'}-{kind}"


def _of_statuses(statuses: Iterable[Status]) -> Iterable[str]:
    for status in statuses:
        if status.number in _OF_STATUS:
            yield _STATUS_FEATURE[status.strength]
        elif status.strength > 1:
            yield "other-status"


def cause_of_status(number: int) -> str | None:
    """Return the general cause of an HTTP status; None for one that is no auth failure."""
    return _OF_STATUS.get(number)
