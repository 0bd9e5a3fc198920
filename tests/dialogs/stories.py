"""Conversations made up by chance: events in any order, of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from hypothesis import strategies as st

from dialogs import events
from dialogs.engine import advance
from dialogs.events import (
    Arrived,
    Chose,
    Deleted,
    Edited,
    Elapsed,
    Event,
    Fetched,
    File,
    Forgotten,
    Inspected,
    Said,
    TicketOpened,
    TicketRefused,
    TicketReopened,
    TicketResolved,
    Timer,
    Unfetched,
)
from dialogs.library import Library
from dialogs.replies import Ask
from dialogs.state import Idle, State
from dialogs.turn import Step
from tests.dialogs.talk import NOON, ORIGIN

SAYINGS = (
    "password-changed",
    "password-changed likely",
    "sign-in-again",
    "sign-in-again status=401",
    "sign-in-again unsure",
    "not-permitted code=Forbidden also=mfa-required connector=SharePoint run connections error",
    "mfa-required language=ko",
    "data-policy unsure",
    "transient",
    "throttling",
    "small-talk",
    "solved",
    "other unsure",
    "done",
    "still failing",
    "it works again",
    "the same message",
    "talk to a person",
    "back",
    "start over",
    "status",
    "help",
    "speak Korean",
    "한국어로",
    "in French please",
    "forget me",
    "yes",
    "no",
    "none of these",
    "1",
    "2",
    "5",
    "99",
    "",
    "  \n ",
    "완료",
    "아직 실패해요",
    "some words of my own",
)


@dataclass(frozen=True)
class Press:
    """A press on the choice at `place` of the question asked `ago` questions before the last."""

    place: int
    ago: int = 0
    user: str = "test:ann"


@dataclass(frozen=True)
class Words:
    """Something written."""

    text: str
    pictures: int = 0
    secrets: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True)
class FromDesk:
    """Something that the desk or the store says of a ticket."""

    event: Callable[..., Event]
    number: int = 1


@dataclass(frozen=True)
class Pause:
    """Time goes by."""

    days: int


@dataclass(frozen=True)
class Silence:
    """The timer of the conversation runs out."""

    timer: Timer


@dataclass(frozen=True)
class Aside:
    """Something beside the talk."""

    event: Callable[..., Event]
    text: str = ""


Happening = Press | Words | FromDesk | Pause | Silence | Aside

presses = st.builds(
    Press,
    st.integers(0, 6),
    st.sampled_from([0, 0, 0, 0, 1, 3]),
    st.sampled_from(["test:ann", "test:ann", "test:ann", "test:bob"]),
)
asides = st.builds(
    Aside,
    st.sampled_from([Edited, Edited, Deleted, Inspected, Fetched, Unfetched]),
    st.sampled_from(SAYINGS),
)
sayings = st.builds(
    Words,
    st.sampled_from(SAYINGS),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([(), (), (), ("access-token",), ("unheard-of",)]),
    st.sampled_from([False, False, False, True]),
)
from_desk = st.builds(
    FromDesk,
    st.sampled_from(
        [
            TicketOpened,
            TicketOpened,
            TicketRefused,
            TicketResolved,
            TicketReopened,
            Forgotten,
            Arrived,
        ]
    ),
    st.integers(1, 2),
)
pauses = st.builds(Pause, st.integers(0, 3))
silences = st.builds(Silence, st.sampled_from(["remind", "close"]))
happenings = st.lists(
    st.one_of(presses, presses, sayings, from_desk, asides, pauses, silences),
    max_size=25,
)


@dataclass(frozen=True)
class Moment:
    """One turn of a story."""

    before: State
    event: Event
    step: Step


def play(story: Sequence[Happening], book: Library) -> Iterator[Moment]:
    """Yield every turn of `story` from the beginning of a conversation."""
    state: State = Idle()
    asked: list[Ask] = []
    at = NOON
    for count, happening in enumerate(story):
        at += timedelta(minutes=1)
        if isinstance(happening, Pause):
            at += timedelta(days=happening.days)
            continue
        event = _event(happening, asked, f"test:{count}", at)
        step = advance(state, event, book)
        yield Moment(state, event, step)
        state = step.state
        asked += [reply for reply in step.replies if isinstance(reply, Ask)]


def _event(
    happening: Press | Words | FromDesk | Silence | Aside,
    asked: Sequence[Ask],
    id: str,
    at: datetime,
) -> Event:
    match happening:
        case Press(place, ago, user) if len(asked) > ago:
            question = asked[-1 - ago]
            choice = question.choices[place % len(question.choices)].id
            who = replace(ORIGIN, user=user)
            return Chose(id=id, at=at, origin=who, token=question.token, choice=choice)
        case Press():
            return Chose(id=id, at=at, origin=ORIGIN, token="never-asked", choice="done")
        case Words(text, pictures, secrets, cut):
            return Said(
                id=id,
                at=at,
                origin=ORIGIN,
                text=text,
                pictures=pictures,
                secrets=secrets,
                cut=cut,
                message="m",
            )
        case Aside(kind, text):
            message = {"message": "m"} if kind in (Edited, Deleted) else {}
            words = {"text": text} if issubclass(cast(type, kind), events.Words) else {}
            named = {"file": File("log.txt", {})} if kind is Unfetched else {}
            return kind(id=id, at=at, origin=ORIGIN, **message, **words, **named)
        case Silence(timer):
            return Elapsed(id=id, at=at, origin=ORIGIN, timer=timer)
        case FromDesk(event=kind, number=number):
            numbered = kind in (TicketOpened, TicketResolved, TicketReopened)
            return kind(id=id, at=at, origin=ORIGIN, **({"number": number} if numbered else {}))
