"""The evidence that goes with a ticket, ready to be shown to whoever takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dialogs.case import Case, Try
from dialogs.diagnosis.model import Diagnosis
from dialogs.found import in_sentences
from dialogs.library import Library
from dialogs.marks import readable
from dialogs.replies import Row
from dialogs.words import fill

_FIRST_SENTENCE = re.compile(r".+?[.?!](?=\s|$)", re.DOTALL)
_LINKS = ("run", "connections", "error")
_LONGEST = 120
"""Characters of a step in the list of what was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Everything found and tried. Words are in one language, times in UTC."""

    rows: tuple[Row, ...]
    links: tuple[Row, ...]
    """Addresses, where no button can lead to them."""
    tried_heading: str
    tried: tuple[str, ...]
    """Each step with its answer and when, oldest first."""
    notes_heading: str
    notes: tuple[str, ...]
    text_heading: str
    text: str
    """The newest message, redacted."""

    def all_rows(self) -> tuple[Row, ...]:
        """Return the pack but its links as one table, with a line for each of several entries."""
        entries = (
            (self.tried_heading, self.tried),
            (self.notes_heading, self.notes),
            (self.text_heading, (self.text,) if self.text else ()),
        )
        return self.rows + tuple(Row(name, "\n".join(those)) for name, those in entries if those)

    def lines(self) -> Iterator[str]:
        """Yield the pack as lines of plain text."""
        yield from (f"{row.heading}: {row.value}" for row in (*self.rows, *self.links))
        for heading, entries in (
            (self.tried_heading, self.tried),
            (self.notes_heading, self.notes),
            (self.text_heading, (self.text,) if self.text else ()),
        ):
            if entries:
                yield f"{heading}:"
                yield from (f"  {line}" for entry in entries for line in entry.split("\n"))


def pack(case: Case, book: Library, language: str) -> Pack:
    """Return the evidence of `case`, its headings in `language`."""
    headings = book.words[language if language in book.words else book.policy.language].pack
    rows = (*_verdict(case, book, language), *_found(case.diagnosis))
    built = case.diagnosis.links
    return Pack(
        rows=tuple(Row(headings[key], value) for key, value in rows if value),
        links=tuple(Row(headings[f"link-{it}"], built[it]) for it in _LINKS if it in built),
        tried_heading=headings["tried"],
        tried=tuple(_tried(one, case, book, language) for one in case.tried),
        notes_heading=headings["notes"],
        notes=tuple(readable(note, book, language) for note in case.notes),
        text_heading=headings["text"],
        text=readable(case.diagnosis.text, book, language),
    )


def _verdict(case: Case, book: Library, language: str) -> Iterator[tuple[str, str | None]]:
    read = case.diagnosis
    words = book.words[language if language in book.words else book.policy.language].pack
    if read.cause in book.causes:
        title = book.playbook(read.cause, language).title
        yield "cause", f"{title} ({read.cause}, {words[read.confidence]})"
    elif read.kind in book.kinds:
        yield "kind", f"{book.lookalike(read.kind, language).title} ({read.kind})"
    yield "who", ", ".join(words[f"who-{who}"] for who in read.who)
    yield "also", _titles(read.also, book, language)
    yield "earlier", _titles(case.earlier, book, language)


def _found(read: Diagnosis) -> Iterator[tuple[str, str | None]]:
    seen = read.evidence
    yield "codes", ", ".join(read.codes)
    yield "status", str(read.http_status or "")
    yield "connector", seen.connector
    yield "action", seen.action
    yield "flow", seen.flow
    yield "environment", seen.environment
    yield "flow-id", seen.flow_id
    yield "run", seen.run_id
    yield "solution", seen.solution_id
    yield "connection", seen.connection_id
    yield "tenant", seen.tenant
    yield "correlation", seen.correlation_id
    yield "trace", seen.trace_id
    yield "request", seen.request_id
    yield "time", seen.timestamp
    yield "account", seen.account


def _tried(one: Try, case: Case, book: Library, language: str) -> str:
    """Return "22 Nov 09:14 UTC · Open Connections … → Still failing"."""
    step, answer = one.step, one.answer
    if one.cause in book.causes:
        playbook = book.playbook(one.cause, language)
        if one.step in playbook.steps:
            step = _short(fill(playbook.steps[one.step].say, in_sentences(case.diagnosis)))
        answer = playbook.labels.get(answer, answer)
    answer = book.words[language].labels.get(answer, answer)
    return f"{_clock(one.at, book, language)} · {step} → {answer}"


def _short(say: str) -> str:
    first = _FIRST_SENTENCE.match(say)
    said = (first[0] if first else say).replace("**", "")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _clock(at: datetime, book: Library, language: str) -> str:
    at = at.astimezone(UTC)
    month = book.words[language].months[at.month - 1]
    return book.phrase("date", language, day=at.day, month=month, time=f"{at:%H:%M} UTC")


def _titles(causes: tuple[str, ...], book: Library, language: str) -> str:
    return ", ".join(book.playbook(c, language).title for c in causes if c in book.causes)
