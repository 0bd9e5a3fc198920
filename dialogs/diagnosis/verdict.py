"""From a reading to a verdict: is it an auth failure, which cause, how sure, and why."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from dialogs.diagnosis.model import Confidence, Reason
from dialogs.diagnosis.reader import GENERAL, Source
from dialogs.diagnosis.reading import Hit, Hits, Reading, cause_of_status
from dialogs.diagnosis.spans import Span, Spans
from dialogs.diagnosis.statuses import Status
from dialogs.diagnosis.weights import BIAS, WEIGHTS

_POINTS = {4: 8.0, 3: 3.0, 2: 2.0, 1: 0.4}
"""What one sign of each strength adds to its cause. A code outweighs whatever stands around it."""
_CLEAR = 1.25
"""From this distance to zero on, the verdict is no longer unsure."""
_UNTOLD = 3.0
"""What a text lacks in which nothing says failure outright: the weights are not learnt from it."""
_ANOTHER = re.compile(
    r"\b(?:also|another|other|plus|auch|aussi|también|também)\b|그리고|또|다른|また|別の|另|而且|还有",
    re.IGNORECASE,
)
"""What stands between two failures of one message, and not between one and what wraps it."""
_AND = re.compile(r"\b(?:and|und|et|y|e)\b|및|와 |과 |と|和", re.IGNORECASE)
"""The same between two statuses: one failure has one, but it can have a status and a code."""
_APART = 120
"""Characters at most between two failures that are told in one breath."""
_ORDER = ("work-item", "solved")
"""Ways of talking that explain a text better than the failure it mentions."""


class Verdict(NamedTuple):
    """What a reading amounts to."""

    auth_failure: bool
    confidence: Confidence
    cause: str | None
    kind: str | None
    why: tuple[Reason, ...]
    http_status: int | None
    codes: tuple[str, ...]
    also: tuple[str, ...]


def decide(text: str, reading: Reading, sources: Mapping[str, Source]) -> Verdict:
    """Return the verdict on `text`, of which `reading` was read."""
    told = is_told(reading, sources)
    score = _score(reading.features) - (0 if told else _UNTOLD)
    failure = told and score > 0
    causes = _causes(reading, sources) or ["sign-in-again"] if failure else []
    cause = causes[0] if failure else None
    kind = None if failure else _kind(reading, sources)
    unclear = reading.terse and kind == "other"
    hits = reading.hits.get(cause or kind or "", ())
    return Verdict(
        auth_failure=failure,
        confidence="unsure" if unclear else _confidence(score, hits, reading, failure=failure),
        cause=cause,
        kind=kind,
        why=_why(text, hits, _statuses_of(reading, cause, kind, sources)),
        http_status=_http_status(reading.statuses, cause, failure=failure),
        codes=_codes(reading, cause or kind),
        also=_also(text, reading, causes),
    )


def _score(features: Mapping[str, int]) -> float:
    """Add up what speaks for a failure, in tenths as the weights: rounding must not decide."""
    return round(BIAS + sum(WEIGHTS.get(name, 0) * n for name, n in features.items()), 1)


def _causes(reading: Reading, sources: Mapping[str, Source]) -> list[str]:
    """Return the causes that the signs point at, the likeliest first."""
    points = {
        id: _points(_outer(id, reading.hits) if id in GENERAL else hits)
        for id, hits in reading.hits.items()
        if sources[id].failure
    }
    for status in reading.statuses:
        general = cause_of_status(status.number)
        if general:
            points[general] = points.get(general, 0) + status.strength
    read = {id for id, n in points.items() if n >= _POINTS[2] and id not in GENERAL}
    told = read - _beaten(read, reading, sources)
    rest = [id for id in GENERAL if id in points]
    best = max((points[id] for id in told), default=0)
    # A named 401 or 403 outweighs a single word of a person's that points elsewhere.
    early = [id for id in rest if best <= _POINTS[2] and points[id] >= _POINTS[4]]
    coded = {id for id in told if _is_coded(reading.hits[id])}
    # Words around two codes do not tell which is the root: the one that was read first is.
    worth = {id: inf if id in coded else points[id] for id in told}
    order = sorted(told, key=lambda id: (-worth[id], _first(_strongest(reading.hits[id])), id))
    return early + order + sorted(set(rest) - set(early), key=lambda id: (-points[id], id))


def _outer(id: str, hits: Hits) -> list[Hit]:
    """Return the signs of a general cause but for those inside the wording of the other one.

    In "unauthorized access to this list", the first word is no 401.
    """
    wider = Spans(
        span
        for other in GENERAL
        if other != id
        for span, sign in hits.get(other, ())
        if sign.strength > 2
    )
    return [hit for hit in hits[id] if not wider.surround(hit[0])]


def _is_coded(hits: Iterable[Hit]) -> bool:
    return any(sign.strength == 4 for _, sign in hits)


def _strongest(hits: Sequence[Hit]) -> list[Hit]:
    most = max(sign.strength for _, sign in hits)
    return [hit for hit in hits if hit[1].strength == most]


def _first(hits: Sequence[Hit]) -> int:
    return min(hits)[0][0]


def _beaten(read: set[str], reading: Reading, sources: Mapping[str, Source]) -> set[str]:
    """Return the causes that give way to a more specific one, `over` in its signs."""
    coded = {id for id in read if _is_coded(reading.hits[id])}
    return {
        loser
        for id in read
        for loser in sources[id].signs.over
        if loser not in coded or id in coded
    }


def is_told(reading: Reading, sources: Mapping[str, Source]) -> bool:
    """Tell whether anything says failure outright: words around one are not enough."""
    told = any(
        sign.strength > 1
        for id, hits in reading.hits.items()
        if sources[id].failure
        for _, sign in hits
    )
    return told or any(s.strength > 1 and cause_of_status(s.number) for s in reading.statuses)


def _points(hits: Sequence[Hit]) -> float:
    """Add up the signs of one cause; the same words count once, by their strongest sign."""
    if len(hits) == 1:
        return _POINTS[hits[0][1].strength]
    total = 0.0
    taken: list[Span] = []
    for span, sign in sorted(hits, key=lambda hit: (-hit[1].strength, hit[0])):
        if not any(start < span[1] and span[0] < end for start, end in taken):
            taken.append(span)
            total += _POINTS[sign.strength]
        if len(taken) == 6:
            break
    return total


def _codes(reading: Reading, decided: str | None) -> tuple[str, ...]:
    """Return the named codes, those of the cause that was `decided` on first."""
    order = sorted(reading.codes, key=lambda code: (code.source or "sign-in-again") != decided)
    return tuple(dict.fromkeys(code.name for code in order))


def _also(text: str, reading: Reading, causes: Sequence[str]) -> tuple[str, ...]:
    """Return the other causes that are named: by a code, or by a line of their own.

    What stands on one line with a code only wraps it: "Error validating credentials. AADSTS50126".
    """
    apart = _named_apart(text, reading)
    others = [cause for cause in causes[1:] if cause not in GENERAL or cause in apart]
    if not others:
        return ()
    ends = [at for at, character in enumerate(text) if character == "\n"]
    coded = {bisect_left(ends, code.start) for code in reading.codes}
    return tuple(
        cause
        for cause in others
        if cause in apart
        or any(
            sign.strength == 4 or (sign.strength == 3 and bisect_left(ends, span[0]) not in coded)
            for span, sign in reading.hits.get(cause, ())
        )
    )


def _named_apart(text: str, reading: Reading) -> set[str]:
    """Return the general causes whose status is told beside another failure: "..., and a 403"."""
    told = [(it.start, it.end, cause_of_status(it.number)) for it in reading.statuses]
    told += [(it.start, it.end, it.source) for it in reading.codes]
    told.sort(key=lambda it: it[0])
    return {
        cause
        for (_, before, earlier), (start, _, later) in pairwise(told)
        if earlier != later and before <= start <= before + _APART
        if _ANOTHER.search(text, before, start)
        or (earlier in GENERAL and later in GENERAL and _AND.search(text, before, start))
        for cause in (earlier, later)
        if cause in GENERAL
    }


def _kind(reading: Reading, sources: Mapping[str, Source]) -> str:
    """Return the look-alike that explains the text best; "other" when none does."""
    hits = {id: hits for id, hits in reading.hits.items() if not sources[id].failure}
    points = {id: _points(places) for id, places in hits.items()}
    first = {id: _first(places) for id, places in hits.items()}
    for status in reading.statuses:
        for id, source in sources.items():
            if status.number in source.statuses and status.strength > 1:
                points[id] = points.get(id, 0) + status.strength
                first[id] = min(first.get(id, status.start), status.start)
    if not points:
        return "other"
    equal = sorted(points, key=lambda id: (first[id], id))
    return max(equal, key=lambda id: (id in _ORDER, id != "small-talk", points[id]))


def _confidence(
    score: float, hits: Iterable[Hit], reading: Reading, *, failure: bool
) -> Confidence:
    strongest = max([sign.strength for _, sign in hits], default=0)
    if failure and strongest == 4:
        return "certain"
    status = any(status.strength > 1 for status in reading.statuses)
    if failure and reading.terse and status and strongest < 3:
        return "likely"  # "SharePoint 403 error" says as much as "SharePoint 403"
    if failure and "terse" in reading.features:
        # Few words make a failure likelier; which one it is, they may leave open.
        told = "words-specific" in reading.features or reading.features.get("words-general", 0) > 1
        return "likely" if told else "unsure"
    if abs(score) < _CLEAR:
        return "unsure"
    if not failure:
        return "certain" if score < -2 * _CLEAR else "likely"
    if strongest >= 3:
        return "certain"
    return "likely" if strongest == 2 or score > 2 * _CLEAR else "unsure"


def _statuses_of(
    reading: Reading, cause: str | None, kind: str | None, sources: Mapping[str, Source]
) -> list[Status]:
    return [
        status
        for status in reading.statuses
        if (cause and cause_of_status(status.number))
        or (kind and status.number in sources[kind].statuses)
    ]


def _why(text: str, hits: Iterable[Hit], statuses: Iterable[Status]) -> tuple[Reason, ...]:
    """Return the spans that led to the verdict, in order, none inside another."""
    every = [(span, sign.source, sign.strength) for span, sign in hits]
    every += [((s.start, s.end), f"status {s.number}", s.strength) for s in statuses]
    strongest = max([strength for _, _, strength in every], default=0)
    reasons: list[Reason] = []
    for (start, end), sign, strength in sorted(every, key=lambda it: (it[0][0], -it[0][1])):
        if strength > 1 or strongest == 1:
            if reasons and start < reasons[-1].end:
                continue
            reasons.append(Reason(start, end, text[start:end], sign))
    return tuple(reasons)


def _http_status(statuses: Sequence[Status], cause: str | None, *, failure: bool) -> int | None:
    """Return the status that matters: inside a failure a 401 or 403, not the wrapper's; of the two
    the one that `cause` is about.
    """
    sure = [status for status in statuses if status.strength > 1] or list(statuses)
    if failure:
        sure = [status for status in sure if cause_of_status(status.number)] or sure
        sure = [status for status in sure if cause_of_status(status.number) == cause] or sure
    return max(sure, key=lambda status: status.strength).number if sure else None
