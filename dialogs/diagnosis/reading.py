"""Everything that was read on one page, counted by kind: what the verdict is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dialogs.diagnosis.codes import Code
from dialogs.diagnosis.manner import is_terse, place, ways_of_talking
from dialogs.diagnosis.matching import Found
from dialogs.diagnosis.page import Page
from dialogs.diagnosis.reader import Reader, Sign, Source
from dialogs.diagnosis.spans import Span, Spans
from dialogs.diagnosis.statuses import Status
from dialogs.diagnosis.weights import MOST

_QUESTION = re.compile(
    r"？|(?:[すま]か|でしょうか|吗|呢|까요|[하되있없쓰보오리르]나요|[인은는던한된]가요)(?=[\s.。]|$)"
)
"""A wide mark; or how a question ends in languages that need none."""
_OF_STATUS = {401: "sign-in-again", 403: "not-permitted"}
_STATUS_FEATURE = {3: "status-named", 2: "status-met", 1: "status-number"}


Hit = tuple[Span, Sign]
"""One sign on the page."""
Hits = Mapping[str, Sequence[Hit]]
"""The signs on the page by cause or look-alike."""


class Reading(NamedTuple):
    """The signs of one page, by what they speak for."""

    hits: Hits
    codes: Sequence[Code]
    statuses: Sequence[Status]
    features: Mapping[str, int]
    """Counts by the names of `weights.WEIGHTS`."""
    elsewhere: bool
    """True when another system is named, and none that is at home here."""
    terse: bool
    """True for a few words that say no more than what they name."""


def read(page: Page, reader: Reader) -> Reading:
    """Return all that `reader` finds on `page`."""
    found = reader.words(page)
    codes = list(reader.codes.find(page))
    statuses = list(reader.statuses.find(page))
    hits: dict[str, list[Hit]] = {}
    for hit in reader.signs(found, page):
        hits.setdefault(hit[1].source, []).append(hit)
    for code in codes:
        sign = reader.coded[code.source or "sign-in-again"]
        hits.setdefault(sign.source, []).append(((code.start, code.end), sign))
    inner, named = _unwrapped(hits, statuses, reader)
    counts = _count(inner, named, page, found, reader)
    elsewhere = reader.is_elsewhere(found)
    return Reading(inner, codes, statuses, counts, elsewhere, is_terse(counts, page))


def _count(
    hits: Hits, statuses: Sequence[Status], page: Page, found: Found, reader: Reader
) -> Mapping[str, int]:
    """Return how often each feature of `weights.WEIGHTS` was read, up to `weights.MOST`."""
    counts = ways_of_talking(found, page, reader.circumstances)
    names = [sign.feature for places in hits.values() for _, sign in places]
    for name in (*names, *_of_statuses(statuses)):
        counts[name] = min(counts.get(name, 0) + 1, MOST.get(name, 1))
    if "?" in page.low or (not page.low.isascii() and _QUESTION.search(page.low)):
        counts["asks"] = 1
    counts.update(dict.fromkeys(_of_places(hits, statuses, counts, page, reader.sources), 1))
    return counts


def _of_places(
    hits: Hits,
    statuses: Iterable[Status],
    counts: Mapping[str, int],
    page: Page,
    sources: Mapping[str, Source],
) -> Iterable[str]:
    named = [status.start for status in statuses if status.number in _OF_STATUS]
    about: list[int] = []
    for id, places in hits.items():
        if sources[id].failure:
            named += [span[0] for span, sign in places if sign.strength > 1]
        elif sources[id].about:
            about += [span[0] for span, sign in places if sign.strength > 2]
    return place(named, about, counts, page)


def _unwrapped(
    hits: Hits, statuses: Sequence[Status], reader: Reader
) -> tuple[Hits, Sequence[Status]]:
    """Leave out what only wraps a named failure, and what is part of its own wording.

    A 502 around "Login failed for user" is no server error, and the "not found" of AADSTS700016 is
    no missing file.
    """
    sources = reader.sources
    failures = [places for id, places in hits.items() if sources[id].failure]
    named = [span for places in failures for span, sign in places if sign.strength > 2]
    if not named and not any(s.strength > 2 and s.number in _OF_STATUS for s in statuses):
        return hits, statuses
    wordings = Spans(named)
    kept = {
        id: [hit for hit in places if sources[id].failure or not wordings.hold(hit[0])]
        for id, places in hits.items()
        if not sources[id].wraps
    }
    inner = [status for status in statuses if status.number not in reader.wrapped]
    return {id: places for id, places in kept.items() if places}, inner


def _of_statuses(statuses: Iterable[Status]) -> Iterable[str]:
    for status in statuses:
        if status.number in _OF_STATUS:
            yield _STATUS_FEATURE[status.strength]
        elif status.strength > 1:
            yield "other-status"


def cause_of_status(number: int) -> str | None:
    """Return the general cause of an HTTP status; None for one that is no auth failure."""
    return _OF_STATUS.get(number)
