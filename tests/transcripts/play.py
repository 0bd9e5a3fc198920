"""Plays a transcript: the lines of people go in, all lines come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_never

from bot.storage import codec
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
    Origin,
    Said,
    TicketOpened,
    TicketRefused,
    TicketReopened,
    TicketResolved,
    Unfetched,
    Words,
)
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.naming import ticket_name
from dialogs.replies import (
    AddToTicket,
    Ask,
    Fetch,
    Forget,
    OpenTicket,
    ReopenTicket,
    Reply,
    Say,
    SetTimer,
    Settle,
    StopTimer,
    WithdrawTicket,
)
from dialogs.state import Idle, State

FOLDER = Path(__file__).parent
_ANSWERS = re.compile(r"(?:bot:|bot>presser:|desk: is |store: is |platform: is )")
_HEADER = re.compile(r"(language|time): +(\S+)")
_LATER = re.compile(r"\((\d+) (minute|hour|day)s? later\)")
_WAITS = re.compile(r"waits: +(\d+) hours?, then (\d+) days?")
_DESK = re.compile(r"desk: +(opens|resolves|reopens|refuses)(?: FM-(\d+))?")
_USER = re.compile(r"user: ?(.*)", re.DOTALL)
_OTHER = re.compile(r"other: \[(.+)\]")
_FILE = re.compile(r"\(file (\S+)\)")
_BESIDE = re.compile(
    r"(user: \((?:edits|deletes)\)|other: \(looks at\)|platform: the file (?:says|cannot be read))"
    r"[ :]*(.*)",
    re.DOTALL,
)
_PRESS = re.compile(r"(\(old\) )?\[(.+)\]")
_KINDS: dict[str, Callable[..., Event]] = {
    "opens": TicketOpened,
    "resolves": TicketResolved,
    "reopens": TicketReopened,
}


class BadTranscript(Exception):
    """A line cannot be played; the message quotes it."""


@dataclass
class Scene:
    """A conversation while it is played."""

    book: Library
    language: str = ""
    at: datetime = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
    state: State = field(default_factory=Idle)
    asked: list[Ask] = field(default_factory=list)
    replied: list[Reply] = field(default_factory=list)
    visited: list[State] = field(default_factory=list)
    timer: SetTimer | None = None
    show: Callable[[Reply], Iterable[str]] = lambda reply: shown(reply)
    """How a reply looks, as lines."""
    heard: Callable[[Event], Event] = lambda event: event
    """What becomes of an event on its way here."""
    _count: int = 0

    def hear(self, line: str) -> Iterator[str]:
        """Take one line of a person, the desk or the store; yield the lines that answer it."""
        if later := _LATER.fullmatch(line):
            yield from self._wait(timedelta(**{f"{later[2]}s": int(later[1])}))
            return
        if waits := _WAITS.fullmatch(line):
            policy = replace(
                self.book.policy,
                remind_after=timedelta(hours=int(waits[1])),
                close_after=timedelta(days=int(waits[2])),
            )
            self.book = replace(self.book, policy=policy)
            return
        if header := _HEADER.fullmatch(line):
            self._set(header[1], header[2])
            return
        yield from self._turn(self.heard(self._event(line)))

    def _turn(self, event: Event) -> Iterator[str]:
        step = advance(self.state, clean(event) if isinstance(event, Words) else event, self.book)
        self.state = codec.load(codec.dump(step.state))
        self.visited.append(self.state)
        self.replied += step.replies
        self.asked += [reply for reply in step.replies if isinstance(reply, Ask)]
        for reply in step.replies:
            whispered = isinstance(reply, Say) and reply.to == "presser"
            who = "bot>presser: " if whispered else "bot:  "
            yield from (f"{who}{said}".rstrip() for said in self.show(reply))
        for effect in step.effects:
            if isinstance(effect, SetTimer | StopTimer):
                self.timer = effect if isinstance(effect, SetTimer) else None
            else:
                yield _asked_for(effect)

    def _wait(self, span: timedelta) -> Iterator[str]:
        """Let time go by, and the timers with it."""
        until = self.at + span
        while self.timer and self.timer.at <= until:
            self.at, timer, self.timer = self.timer.at, self.timer, None
            self._count += 1
            yield from self._turn(
                Elapsed(
                    id=f"test:{self._count}", at=self.at, origin=self._origin, timer=timer.timer
                )
            )
        self.at = until

    @property
    def _origin(self) -> Origin:
        return Origin(
            platform="test", conversation="test:t:1", user="test:ann", language=self.language
        )

    def _set(self, name: str, value: str) -> None:
        if name == "language":
            self.language = value
        else:
            self.at = datetime.fromisoformat(value).replace(tzinfo=UTC)

    def _event(self, line: str) -> Event:
        self._count += 1
        self.at += timedelta(minutes=1)
        id, at, origin = f"test:{self._count}", self.at, self._origin
        if other := _OTHER.fullmatch(line):
            origin = replace(origin, user="test:bob")
            token, choice = self._pressed(other[1], old=False)
            return Chose(id=id, at=at, origin=origin, token=token, choice=choice)
        if beside := _BESIDE.fullmatch(line):
            return _beside(beside[1], beside[2], id=id, at=at, origin=origin)
        if desk := _DESK.fullmatch(line):
            if desk[2]:
                return _KINDS[desk[1]](id=id, at=at, origin=origin, number=int(desk[2]))
            return TicketRefused(id=id, at=at, origin=origin)
        if line == "store: has deleted everything":
            return Forgotten(id=id, at=at, origin=origin)
        if line == "user: (comes back)":
            return Arrived(id=id, at=at, origin=origin)
        if not (said := _USER.fullmatch(line)):
            raise BadTranscript(f"nobody can play this line: {line}")
        words = said[1]
        if press := _PRESS.fullmatch(words):
            token, choice = self._pressed(press[2], old=bool(press[1]))
            return Chose(id=id, at=at, origin=origin, token=token, choice=choice)
        pictures = words.count("(picture)")
        files = tuple(File(name, {}) for name in _FILE.findall(words))
        text = _FILE.sub("", words.replace("(picture)", "")).strip()
        return Said(
            id=id, at=at, origin=origin, text=text, pictures=pictures, files=files, message="m"
        )

    def _pressed(self, label: str, *, old: bool) -> tuple[str, str]:
        question = self.asked[-2] if old else self.asked[-1]
        for choice in question.choices:
            if choice.label == label:
                return question.token, choice.id
        raise BadTranscript(f"there is no button [{label}] on: {question.text[-1]}")


def _beside(what: str, text: str, *, id: str, at: datetime, origin: Origin) -> Event:
    """Return what happened beside the talk; the message that is edited or deleted is the only one
    whose id a transcript knows: the newest.
    """
    match what:
        case "user: (edits)":
            return Edited(id=id, at=at, origin=origin, text=text, message="m")
        case "user: (deletes)":
            return Deleted(id=id, at=at, origin=origin, message="m")
        case "other: (looks at)":
            return Inspected(id=id, at=at, origin=origin, text=text)
        case "platform: the file says":
            return Fetched(id=id, at=at, origin=origin, text=text)
        case _:
            return Unfetched(id=id, at=at, origin=origin, file=File(text or "notes.txt", {}))


def play(written: Sequence[str], scene: Scene) -> list[str]:
    """Return the whole transcript as it goes when the people in it say what is `written`."""
    played: list[str] = []
    waiting: list[str] = []

    def answer() -> None:
        if waiting:
            played.extend(scene.hear("\n".join([waiting[0], *map(str.strip, waiting[1:])])))
            waiting.clear()

    for line in written:
        if line.startswith(" ") and waiting:
            waiting.append(line)
            played.append(line)
            continue
        answer()
        if _ANSWERS.match(line):
            continue
        played.append(line)
        if line.strip() and not line.startswith("#"):
            waiting.append(line)
    answer()
    return played


def shown(reply: Reply) -> Iterator[str]:
    """Yield the lines of `reply`, without any platform in between."""
    match reply:
        case Settle():
            return  # a card that changes; the press stands in the transcript already
        case Say():
            yield from reply.text
            yield from (f"> {line}" for line in reply.quote.splitlines())
            if reply.facts:
                yield f"{reply.facts_title}: {' · '.join(reply.facts)}"
            yield from (f"{link.label} <{link.url}>" for link in reply.links)
            if isinstance(reply, Ask):
                yield " ".join(f"[{choice.label}]" for choice in reply.choices)
        case _:
            assert_never(reply)


def _asked_for(
    effect: OpenTicket | AddToTicket | ReopenTicket | WithdrawTicket | Forget | Fetch,
) -> str:
    match effect:
        case OpenTicket(subject=subject):
            return f"desk: is asked to open: {subject}"
        case AddToTicket(number=number, text=text):
            return f"desk: is told on {ticket_name(number)}: {' '.join(text.split())}"
        case ReopenTicket(number=number, text=text):
            words = f": {' '.join(text.split())}" if text else ""
            return f"desk: is asked to reopen {ticket_name(number)}{words}"
        case WithdrawTicket(number=number):
            return f"desk: is told that {ticket_name(number)} is not needed any more"
        case Fetch(file=file):
            return f"platform: is asked for the file {file.name}"
        case Forget():
            return "store: is asked to delete everything"
        case _:
            assert_never(effect)
