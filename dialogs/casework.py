"""What becomes of a case as its conversation goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialogs.case import Case, Try
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import Event, Said
from dialogs.found import joined
from dialogs.playbook import Playbook

_MOST_NOTES = 50
_LONGEST_NOTE = 2000
"""Characters; a case is stored again with every turn."""


def opened(event: Event, diagnosis: Diagnosis) -> Case:
    """Return the case that `event` begins."""
    return Case(
        opened_at=event.at,
        requester=event.origin.user,
        message=event.message if isinstance(event, Said) else "",
        diagnosis=diagnosis,
    )


def noted(case: Case, text: str) -> Case:
    """Return `case` with what else the requester wrote."""
    if not text or text in case.notes:
        return case
    cut = text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]}…"
    return replace(case, notes=(*case.notes, cut)[-_MOST_NOTES:])


def tried(case: Case, cause: str, step: str, answer: str, at: datetime) -> Case:
    """Return `case` with one more step answered."""
    return replace(case, tried=(*case.tried, Try(cause=cause, step=step, answer=answer, at=at)))


def reread(case: Case, diagnosis: Diagnosis) -> Case:
    """Return `case` with a newer reading; what the older one said stays with it."""
    old = case.diagnosis
    kept = noted(case, old.text) if old.text != diagnosis.text else case
    changed = old.cause is not None and old.cause != diagnosis.cause
    earlier = (*case.earlier, old.cause) if changed and old.cause else case.earlier
    return replace(kept, diagnosis=joined(old, diagnosis), earlier=earlier)


def untried_branch(case: Case, cause: str, playbook: Playbook) -> str | None:
    """Return the newest way on from a step that was tried, which was not tried itself."""
    seen = [one.step for one in case.tried if one.cause == cause]
    ways = (playbook.steps[name].failing for name in reversed(seen) if name in playbook.steps)
    return next((way for way in ways if way in playbook.steps and way not in seen), None)
