"""From an event to what it means: a press and its typed words become one."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogs.cards import choices
from dialogs.case import Case
from dialogs.diagnosis.model import Diagnosis, Evidence
from dialogs.diagnosis.reader import GENERAL
from dialogs.events import (
    Chose,
    Deleted,
    Edited,
    Event,
    Fetched,
    Inspected,
    Origin,
    Picked,
    Said,
    Words,
)
from dialogs.library import ENGLISH, Library
from dialogs.meaning import (
    Answered,
    Beside,
    Blank,
    Commanded,
    Corrected,
    Doubtful,
    Enclosed,
    How,
    Looked,
    Meaning,
    NotYours,
    Outdated,
    Reported,
    Rewritten,
    Sort,
    Unread,
    Unrelated,
    Unsaid,
    Withdrawn,
)
from dialogs.playbook import CATCH_ALL, OTHER, SMALL_TALK, SOLVED
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    HandedOver,
    HandingOver,
    Lapsed,
    Listening,
    Offering,
    Retrying,
    State,
)
from dialogs.typed import ON_THE_WAY, in_part, typed

_FORGOTTEN_AFTER = timedelta(days=1)
"""The same error after a longer silence is a new case, not the last step failing."""
_OF_A_CASE = ON_THE_WAY | {"back", "start-over", "status", "sent", "where", "whose"}
"""Commands that are about the case which is open."""
_REMARK = 40
"""Characters at most of what somebody remarks about a step."""
_OF_THE_FLOW = ("connector", "flow", "flow_id", "environment", "connection_id")
"""Evidence that tells one flow from another."""
_NO_HELPER = frozenset({"you", "nobody"})
"""Whom a step asks for without asking for anybody else."""
_OPEN = Clarifying | Guiding | Listening | Offering | HandingOver | HandedOver | Retrying
"""States in which the bot listens to a thread, and not only to what is said to it."""
_PEOPLE = HandingOver | HandedOver | Retrying
"""States in which what is sent is for people."""


def understand(state: State, event: Event, book: Library) -> Meaning:
    """Return what `event` means in `state`."""
    match event:
        case Chose(origin=origin) if not _may_press(state, origin, book):
            return NotYours()
        case Inspected():
            return Looked(book.diagnose(event.text, event.secrets))
        case Picked():
            return Beside()  # only desks ask for somebody
        case Edited():
            return _corrected(state, event, book)
        case Deleted():
            return _deleted(state, event)
        case Said(addressed=False) if not _listened(state, event, book):
            return Beside()
        case Said(text=text, files=(_, *_)) if not text.strip():
            return _wordless(state, event)
        case Chose(token=token, choice=choice):
            offered = choices(state, book, state.language)
            known = {one.id: one.label for one in offered}
            if token == getattr(state, "token", None) and choice in known:
                return Answered(choice, known[choice])
            return Outdated()
        case Words(text=text) if not text.strip():
            return Blank(event.pictures > 0)
        case Words():
            return _written(state, event, book)
        case _:
            return event


def _written(state: State, event: Words, book: Library) -> Meaning:
    """Return what words mean; those of a file answer nothing."""
    if isinstance(event, Fetched):
        return _read(state, event, book)
    whole = typed(state, event.text, book)
    return whole or in_part(state, event.text, _read(state, event, book), book)


def _may_press(state: State, presser: Origin, book: Library) -> bool:
    """Tell whether `presser` may answer: the requester, and whoever the step asks for."""
    if isinstance(state, Forgetting):
        return state.by in ("", presser.user)
    if isinstance(state, Lapsed):
        return _may_press(state.back_to, presser, book)
    case = getattr(state, "case", None)
    if not isinstance(case, Case) or case.requester in ("", presser.user):
        return True
    if presser.guest or not isinstance(state, Guiding):
        return False
    return any(who not in _NO_HELPER for who in book.playbook(state.cause, ENGLISH).who)


def answers(state: State, event: Said, book: Library) -> bool:
    """Tell whether `event` does nothing but answer, or ask about, what is open in `state`."""
    if not isinstance(state, _OPEN | Fixed | Lapsed):
        return False
    match typed(state, event.text, book):
        case Answered():
            return True
        case Commanded(name=name):
            return name in _OF_A_CASE
        case _:
            return False


def _listened(state: State, event: Said, book: Library) -> bool:
    """Tell whether words, or files, that nobody was addressed by are for the bot."""
    if not event.text.strip():
        return bool(event.files) and isinstance(state, _PEOPLE)
    return isinstance(state, _OPEN) or isinstance(typed(state, event.text, book), Answered)


def _wordless(state: State, event: Said) -> Meaning:
    """Return what files mean that come without a word."""
    if isinstance(state, _PEOPLE):
        return Enclosed()
    if any(file.kind == "text" for file in event.files):
        return Beside()  # what is in them is read when it is here
    others = (file for file in event.files if file.kind == "other")
    other = next(others, None)
    return Unread(other) if other else Blank(event.pictures > 0)


def _case_begun_by(message: str, state: State) -> Case | None:
    """Return the case that is open, if `message` began it."""
    case = getattr(getattr(state, "back_to", state), "case", None)
    begun = isinstance(case, Case) and message and case.message == message
    return case if begun else None


def _deleted(state: State, event: Deleted) -> Withdrawn | Unsaid | Beside:
    if _case_begun_by(event.message, state):
        return Withdrawn()
    return Unsaid(event.of) if event.of and isinstance(state, HandedOver | Retrying) else Beside()


def _corrected(state: State, event: Edited, book: Library) -> Beside | Corrected | Rewritten:
    """Return what the edit changes: nothing, when the cause is what it was."""
    case = _case_begun_by(event.message, state)
    if case is None and event.text.strip() and isinstance(state, _PEOPLE):
        return Rewritten()
    if case is None or not event.text.strip():
        return Beside()
    reading = _read(state, event, book)
    before, now = case.diagnosis, reading.diagnosis
    same = (before.cause, before.kind, before.codes) == (now.cause, now.kind, now.codes)
    return Beside() if same else Corrected(reading)


def _read(state: State, event: Words, book: Library) -> Reported | Doubtful | Unrelated:
    diagnosis = book.diagnose(event.text, event.secrets)
    if not diagnosis.auth_failure:
        sort = _sort(diagnosis, book)
        if sort == "solved" and book.is_doubted(event.text):
            sort = "talk"
        if sort == "failure" and isinstance(state, Guiding) and _is_remark(diagnosis):
            sort = "talk"
        return Unrelated(diagnosis, sort)
    how = _how(state, diagnosis, event.at, book)
    if how == "other" and _is_settled(state) and not _is_told(diagnosis):
        return Unrelated(diagnosis, "talk")
    if diagnosis.confidence == "unsure" and not _confirmed(state, diagnosis, how):
        return Doubtful(diagnosis, how)
    return Reported(diagnosis, how)


def _is_told(diagnosis: Diagnosis) -> bool:
    """Tell whether a machine says it: words in the middle of a repair are mostly about the step."""
    return bool(diagnosis.codes or diagnosis.http_status) or diagnosis.confidence == "certain"


def _is_remark(diagnosis: Diagnosis) -> bool:
    """Tell whether it is a few words without a code: "I can't find it" is no 404 in a step."""
    return not (diagnosis.codes or diagnosis.http_status) and len(diagnosis.text) <= _REMARK


def _is_settled(state: State) -> bool:
    """Tell whether the repair is that of a cause which nothing but another error can shake."""
    return (
        isinstance(state, Guiding)
        and state.cause not in GENERAL
        and state.case.diagnosis.confidence == "certain"
    )


def _confirmed(state: State, diagnosis: Diagnosis, how: How) -> bool:
    """Tell whether the open case makes certain what the message alone leaves open."""
    case = getattr(state, "case", None)
    if how not in ("again", "same") or not isinstance(case, Case):
        return False
    return not set(diagnosis.codes).isdisjoint(case.diagnosis.codes)


def _sort(diagnosis: Diagnosis, book: Library) -> Sort:
    kind = diagnosis.kind
    if kind == SOLVED:
        return "solved"
    if kind == SMALL_TALK or not any(map(str.isalnum, diagnosis.text)):
        return "chat"
    if kind is None or kind == OTHER or diagnosis.confidence == "unsure":
        return "talk"
    return "talk" if book.lookalike(kind, "en").about else "failure"


def _how(state: State, diagnosis: Diagnosis, at: datetime, book: Library) -> How:
    case = getattr(state, "case", None)
    if not isinstance(case, Case):
        return "new"
    if at - _last_touched(state, case) > _kept(state, book):
        return "new"
    if isinstance(state, Fixed) and _is_elsewhere(case.diagnosis.evidence, diagnosis.evidence):
        return "new"
    cause = current_cause(state)
    if cause is None:
        return "other" if case.tried else "new"
    vague = diagnosis.cause in (None, CATCH_ALL) and not diagnosis.codes
    if diagnosis.cause != cause and not vague:
        return "other"
    untouched = isinstance(state, Guiding) and not any(t.cause == cause for t in case.tried)
    return "again" if untouched else "same"


def _is_elsewhere(before: Evidence, now: Evidence) -> bool:
    """Tell whether `now` is of another flow or another connection."""
    return any(
        there and here and there != here
        for name in _OF_THE_FLOW
        for there, here in [(getattr(before, name), getattr(now, name))]
    )


def _kept(state: State, book: Library) -> timedelta:
    """Return for how long what comes is about the case of `state`."""
    match state:
        case HandedOver() | Retrying():
            return timedelta.max
        case Fixed(ticket=int(), since=datetime()):
            return book.policy.reopen_within
        case _:
            return _FORGOTTEN_AFTER


def _last_touched(state: State, case: Case) -> datetime:
    if isinstance(state, Fixed) and state.since:
        return state.since
    return case.tried[-1].at if case.tried else case.opened_at


def current_cause(state: State) -> str | None:
    """Return the cause that `state` is about; None when there is none."""
    match state:
        case Guiding(cause=cause) | Listening(cause=cause):
            return cause
        case Fixed(case=case, cause=cause):
            return cause or case.diagnosis.cause
        case Clarifying() | Offering() | HandedOver() | Retrying():
            return state.case.diagnosis.cause
        case _:
            return None
