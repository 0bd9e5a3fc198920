"""What somebody types where an answer is expected: a whole message, or one clause of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dialogs.cards import choices, label_of
from dialogs.commands import LONGEST, Typed, bare
from dialogs.library import ENGLISH, Library
from dialogs.meaning import (
    Answered,
    Commanded,
    Doubtful,
    Meaning,
    NoSuchChoice,
    Reported,
    Unrelated,
)
from dialogs.playbook import Step
from dialogs.replies import Choice
from dialogs.state import (
    Clarifying,
    Forgetting,
    Guiding,
    HandedOver,
    Idle,
    Listening,
    Offering,
    Retrying,
    State,
)

_ANYWHERE = frozenset({"person", "back", "start-over", "status", "help", "forget"})
_ENDS = frozenset({"done", "fixed"})
ON_THE_WAY = _ENDS | {"explain", "later", "not-for-me"}
"""What can be said while a repair is under way; once people have the case, "why?" is for them."""
_WITH_PEOPLE = frozenset({"withdraw", "fixed"})
"""What ends a ticket from the requester's side."""
_PEOPLE = HandedOver | Retrying
_NOT_I = frozenset({"not-mine", "not-me"})
_IN_PART = _ENDS | _NOT_I | {"failing", "same", "sent", "whose", "where", "person", "later"}
"""What one clause of a message may say for the whole; a bare yes or no in it is about something
else."""
_SHORT = 160
"""Characters at most of a message of which one clause may be the answer."""
_CLAUSE = re.compile(
    r"[,.;!?\n。、！？]+\s*|\s+(?:and|but|so|then|yet)\s+|(?<=[가-힣])(?:더니|는데|지만|니까|고)\s+"
)
"""Ends of a clause."""
_YES, _NO, _FAILING = ("yes", "done"), ("no", "failing", "none", "same"), ("same",)
"""What the bare words answer: the first of these that is offered.

Who is asked for the new message and only writes that it still fails has no other one.
"""


def typed(state: State, text: str, book: Library) -> Meaning | None:
    """Return what `text` means as a typed answer or command; None when it is neither."""
    said = book.commands.read(text)
    if book.is_doubted(text):
        said = replace(said, names=tuple(name for name in said.names if name not in _ENDS))
    if "start-over" in said.names and not isinstance(state, Forgetting):
        return Commanded("start-over")  # "cancel" is more than a no
    return _meant(state, said, book, text)


def in_part(
    state: State, text: str, read: Reported | Doubtful | Unrelated, book: Library
) -> Meaning:
    """Return what one clause of a remark in a step answers: "I signed in again, it's connected".

    What was `read` stands when there is an error in it, or news.
    """
    diagnosis = read.diagnosis
    is_news = isinstance(read, Reported | Doubtful) and read.how not in ("again", "same")
    if not isinstance(state, Guiding | Listening | _PEOPLE) or is_news:
        return read
    if diagnosis.codes or diagnosis.http_status or len(text) > _SHORT:
        return read
    known = _WITH_PEOPLE if isinstance(state, _PEOPLE) else _IN_PART
    known -= _ENDS if book.is_doubted(text) else frozenset()
    for clause in reversed(_CLAUSE.split(text)):
        names = book.commands.read(clause).names
        named = Typed(names=tuple(name for name in names if name in known))
        if named.names and (meant := _meant(state, named, book)):
            return meant
    return read


def _meant(state: State, said: Typed, book: Library, text: str = "") -> Meaning | None:
    """Return what `said` means in `state`; `text` may be a label."""
    offered = {choice.id: choice for choice in choices(state, book, state.language)}
    if said.language:
        return Commanded("language", said.language)
    if said.number is not None and offered:
        numbered = dict(enumerate(offered.values(), 1))
        return _answered(numbered.get(said.number)) or NoSuchChoice()
    named = _named(said, offered) or _labelled(state, text, offered, book)
    if named:
        return _answered(offered[named])
    anywhere = _ANYWHERE | (ON_THE_WAY if isinstance(state, Guiding | Listening) else frozenset())
    anywhere |= frozenset({"explain", "later"}) if isinstance(state, Clarifying) else frozenset()
    anywhere |= _of_the_step(state, book)
    if isinstance(state, Guiding) and not _NOT_I.isdisjoint(said.names):
        return Commanded("whose" if _step(state, book).send else "not-for-me")
    anywhere |= _WITH_PEOPLE if isinstance(state, _PEOPLE) else frozenset()
    anywhere |= {"withdraw"} if isinstance(state, Idle) and state.ticket else frozenset()
    known = [name for name in said.names if name in anywhere]
    known.sort(key=lambda name: name != "whose")  # of a letter that is meant, not "who can help?"
    return next((Commanded(name) for name in known), None)


def _of_the_step(state: State, book: Library) -> frozenset[str]:
    """Return what can be said of the question alone: a letter is sent, a page is looked for."""
    if isinstance(state, Clarifying | Listening | Offering):
        return frozenset({"where"})
    if not isinstance(state, Guiding):
        return frozenset()
    step = _step(state, book)
    found = {"sent", "whose"} if step.send else set()
    return frozenset(found | ({"where"} if step.link in ("connections", "run") else set()))


def _step(state: Guiding, book: Library) -> Step:
    """Return the step that is open; with words to `send` it is a message for somebody else."""
    return book.playbook(state.cause, ENGLISH).steps[state.step]


def _answered(choice: Choice | None) -> Answered | None:
    return Answered(choice.id, choice.label) if choice else None


def _named(said: Typed, offered: Iterable[str]) -> str | None:
    """Return the offered answer that `said` names."""
    meant = [*said.names]
    meant += _YES if "yes" in said.names else ()
    meant += _NO if "no" in said.names else ()
    meant += _FAILING if "failing" in said.names else ()
    meant += ("failing",) if "same" in said.names else ()
    meant += ("not-mine",) if "not-me" in said.names else ()
    meant += ("fixed",) if "done" in said.names else ()
    return next((name for name in meant if name in offered), None)


def _labelled(state: State, text: str, offered: Iterable[str], book: Library) -> str | None:
    """Return the offered answer whose label, in any language, is the whole of `text`; of causes
    also the only one of whose label it is a part: "no permission".
    """
    if len(text.strip()) > LONGEST:
        return None
    part, found = bare(text), set[str]()
    is_part = isinstance(state, Clarifying) and len(part) >= (4 if part.isascii() else 2)
    for name in offered:
        labels = [label_of(state, name, book, language) for language in book.languages]
        if any(book.commands.says(text, label) for label in labels):
            return name
        if is_part and any(part in bare(label) for label in labels):
            found.add(name)
    return found.pop() if len(found) == 1 else None
