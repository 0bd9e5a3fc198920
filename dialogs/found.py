"""What a diagnosis found, ready to be shown or to fill a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from dialogs.diagnosis.model import Diagnosis, Evidence
from dialogs.library import Library
from dialogs.playbook import Playbook
from dialogs.words import Values

_PLAIN = re.compile(r"[\w .&'()/+-]{1,40}")
"""A connector's name that may stand inside our own sentences: nothing in it is markup."""
_CODE = re.compile(r"[\w.:-]{1,60}")
_MOST_CODES = 3
_RUN_ENDS = 4
"""Characters shown of either end of a run's id."""
_OF_THE_FLOW = (
    "connector",
    "flow",
    "environment",
    "flow_id",
    "run_id",
    "solution_id",
    "connection_id",
    "tenant",
    "account",
)
"""Evidence that stays true when the same flow fails again; the others belong to one failure."""


def code(diagnosis: Diagnosis) -> str | None:
    """Return the code to quote: the first named one, or else the HTTP status."""
    return next(_codes(diagnosis), None) or _status(diagnosis)


def in_sentences(diagnosis: Diagnosis, playbook: Playbook | None = None) -> Values:
    """Return what our own sentences may name, those of `playbook` if it is one's: values of known
    forms only.
    """
    connector = diagnosis.evidence.connector
    known = _present(
        connector=connector if connector and _PLAIN.fullmatch(connector) else None,
        code=code(diagnosis),
    )
    return {**known, **playbook.fitting(connector)} if playbook else known


def in_messages(diagnosis: Diagnosis, playbook: Playbook) -> Values:
    """Return what a message of `playbook` to send on may name."""
    seen = diagnosis.evidence
    known = _present(
        code=", ".join(_codes(diagnosis)) or _status(diagnosis),
        account=seen.account,
        connections=diagnosis.links.get("connections"),
        correlation=seen.correlation_id,
        environment=seen.environment,
        flow=seen.flow or seen.flow_id,
        run=diagnosis.links.get("run") or seen.run_id,
        tenant=seen.tenant,
        time=seen.timestamp,
        trace=seen.trace_id,
    )
    return {**in_sentences(diagnosis, playbook), **known}


def facts(diagnosis: Diagnosis, book: Library, language: str) -> tuple[str, ...]:
    """Return what was read, one fact each: codes, status, connector, run, time."""
    seen = diagnosis.evidence
    codes = tuple(_codes(diagnosis))
    run = seen.run_id and book.phrase("run", language, run=_short(seen.run_id))
    time = seen.timestamp and _clock(seen.timestamp, book, language)
    return tuple(fact for fact in (*codes, _status(diagnosis), seen.connector, run, time) if fact)


def joined(earlier: Diagnosis, later: Diagnosis) -> Diagnosis:
    """Return `later` with what `earlier` knew of the same flow; nothing when they contradict."""
    old, new = earlier.evidence, later.evidence
    if any(_differ(old, new, name) for name in ("environment", "flow", "flow_id")):
        return later
    known = {name: getattr(new, name) or getattr(old, name) for name in _OF_THE_FLOW}
    cloud = new.cloud if new.environment or not old.cloud else old.cloud
    links = {**earlier.links, **later.links}
    if "error" not in later.links:
        links.pop("error", None)
    return replace(later, evidence=replace(new, cloud=cloud, **known), links=links)


def _differ(old: Evidence, new: Evidence, name: str) -> bool:
    was, now = getattr(old, name), getattr(new, name)
    return bool(was and now and was != now)


def _codes(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the codes to show; "-2147024891" says less than any other and comes last."""
    plain = sorted(filter(_CODE.fullmatch, diagnosis.codes), key=lambda it: it.startswith("-"))
    return iter(plain[:_MOST_CODES])


def _status(diagnosis: Diagnosis) -> str | None:
    return str(diagnosis.http_status) if diagnosis.http_status else None


def _present(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _short(run: str) -> str:
    return run if len(run) <= 2 * _RUN_ENDS + 1 else f"{run[:_RUN_ENDS]}…{run[-_RUN_ENDS:]}"


def _clock(stamp: str, book: Library, language: str) -> str:
    """Return "22 Nov 09:14 UTC" for an ISO time, anything else as it stands."""
    try:
        at = datetime.fromisoformat(stamp)
        at = at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        return stamp
    zone = " UTC" if at.tzinfo else ""
    month = book.words[language].months[at.month - 1]
    return book.phrase("date", language, day=at.day, month=month, time=f"{at:%H:%M}{zone}")
