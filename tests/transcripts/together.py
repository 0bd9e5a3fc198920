"""Plays a transcript with several people: a requester on one platform, a desk on another.

Everything is real but the two platforms and the database: turns, outbox, tickets, timers. Beside
what `tests.transcripts` explains:

    desk: #help team support language en     the channel is a desk, with this route
    settings: #help team support             … made by the settings
    hours: Asia/Seoul Mon-Fri 09:00-18:00    when people are there
    holidays: 2026-11-24                     … but not on these days
    user #2: what is written                 the requester writes in another conversation
    expert: [Claim]                          Kim presses, on the card or on the form shown last
    expert lee: what is written              … and Lee writes, below the card, to the bot itself
    expert: (aside) what is written          … or to nobody in particular
    expert: (form) what is written           … or into the field of the form shown last
    expert: (edits) reply: what is written
    expert #identity: [Claim]                … in another channel
    admin #help: desk here                   an administrator writes in a channel, at its top
    stranger: [Claim]                        somebody presses from outside
    chat: is away                            the desk's platform cannot be reached; chat: is back
    user: look (picture shot.png)            with a picture, a (file error.log), a (document a.pdf)
    error.log says: what is in it            beforehand; pictures need not be told
    shot.png cannot be fetched
    bot>user: bot>desk: bot>#identity: bot>expert:    who is answered; the last one alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from adapters.base import Answer, Gone, Place, Receipt, TryLater
from bot.clock import milliseconds
from bot.delivery import Deliveries
from bot.desk.builtin import BuiltinDesk
from bot.desk.channels import Channels, decider
from bot.hours import holidays_of, week_of
from bot.pace import Pace
from bot.storage import Scope
from bot.turn import Table, Turns
from dialogs.engine import advance, current
from dialogs.events import Chose, Deleted, Edited, Elapsed, Event, File, Origin, Said
from dialogs.hours import Hours
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.replies import Ask, Picture, Pictured, Reply, Say, Settle
from dialogs.ticket import Desk
from dialogs.ticket.desks import routed
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter

FOLDER = Path(__file__).parent / "people"
ANSWERS = re.compile(r"bot>\S+?: ")
_LATER = re.compile(r"\((\d+) (minute|hour|day)s? later\)")
_SPEAKER = re.compile(r"(user|expert|admin|stranger)(?: (?!#)(\w+))?(?: (#\w+))?: (.*)", re.DOTALL)
_DESK = re.compile(r"(desk|settings): (#\w+) ?(.*)")
_HOLIDAYS = re.compile(r"holidays: (.+)")
_HOURS = re.compile(r"hours: (\S+) (.+)")
_ENCLOSED = re.compile(r"\((picture|file|document) ([^)]+)\)")
_KINDS: dict[str, Literal["picture", "text", "other"]] = {
    "picture": "picture",
    "file": "text",
    "document": "other",
}
_SAYS = re.compile(r"(\S+) says: (.*)", re.DOTALL)
_LOST = re.compile(r"(\S+) cannot be fetched")
_MARK = re.compile(r"\((aside|form|edits|deletes)\) ?(.*)", re.DOTALL)
_PRESS = re.compile(r"\[(.+)\]")
_HERE = "test:t:1"


class Platform(FakeAdapter):
    """Writes down what it shows, line by line."""

    largest_picture = 1000

    def __init__(self, name: str, lines: list[str], home: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        """What is in files, by their name."""
        self.lost: set[str] = set()
        self.name = name
        self.away = False
        self.asked: dict[str, Ask] = {}
        self.seen: list[Ask] = []
        self.cards: dict[str, str] = {}
        """Channel -> the message that its newest card is."""
        self._lines = lines
        self._home = home
        self._sent = 0

    async def send(self, place: Place, reply: Reply) -> Receipt:
        if self.away:
            raise TryLater("away")
        self._sent += 1
        channel, id = place.origin.channel, place.shown or f"{self.name}-{self._sent}"
        theirs = f"user {place.origin.conversation.removeprefix(_HERE)}".rstrip()
        whom = theirs if not channel else "desk" if channel == self._home else channel
        if isinstance(reply, Ask):
            self.asked[channel or place.origin.conversation] = reply
            self.seen.append(reply)
            if reply.stays:
                self.cards[channel] = id
        self._lines += [f"bot>{whom}: {line}".rstrip() for line in _shown(reply, again=place.shown)]
        return Receipt(message=id)

    async def fetch(self, file: File) -> str:
        if file.name in self.lost or file.name not in self.texts:
            raise Gone("lost")
        return self.texts[file.name]

    async def picture(self, file: File) -> Picture:
        if file.name in self.lost:
            raise Gone("lost")
        return Picture(file.name, "image/png", b"a picture")


@dataclass
class Stage:
    """All that takes part in a transcript."""

    book: Library
    at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    language: str = ""
    home: str = "#help"
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._set(
            claim_after=timedelta(hours=1),
            answer_after=timedelta(days=3),
            contact="help@example.com",
            administrators=frozenset({"chat:ada"}),
        )
        self.store = FakeStore()
        self.near = Platform("test", self.lines, self.home)
        self.far = Platform("chat", self.lines, self.home)
        self.form: dict[str, Ask] = {}
        self.said: dict[str, tuple[str, str]] = {}
        self._count = 0

    def now(self) -> datetime:
        """Tell the time of the transcript."""
        return self.at

    async def hear(self, line: str) -> list[str]:
        """Take one line; return those that answer it."""
        self.lines.clear()
        if later := _LATER.fullmatch(line):
            await self._wait(timedelta(**{f"{later[2]}s": int(later[1])}))
        elif not self._is_set(line):
            self.at += timedelta(minutes=1)
            await self._take(self._event(line))
        return list(self.lines)

    def _is_set(self, line: str) -> bool:
        if desk := _DESK.fullmatch(line):
            self._make(desk[1], self._desk(desk[2], desk[3]))
        elif days := _HOLIDAYS.fullmatch(line):
            hours = self.book.policy.hours
            assert hours
            self._set(hours=replace(hours, holidays=holidays_of(days[1])))
        elif week := _HOURS.fullmatch(line):
            self._set(hours=Hours(zone=ZoneInfo(week[1]), week=week_of(week[2])))
        elif line.startswith("language: "):
            self.language = line.removeprefix("language: ").strip()
        elif says := _SAYS.fullmatch(line):
            self.near.texts[says[1]] = self.far.texts[says[1]] = says[2].replace("\\n", "\n")
        elif lost := _LOST.fullmatch(line):
            self.near.lost.add(lost[1])
            self.far.lost.add(lost[1])
        elif line in ("chat: is away", "chat: is back"):
            self.far.away = line.endswith("away")
        else:
            return False
        return True

    def _set(self, **policy: Any) -> None:
        self.book = replace(self.book, policy=replace(self.book.policy, **policy))

    def _make(self, by: str, desk: Desk) -> None:
        if by == "desk":
            self.store.desks.kept[desk.key] = desk
        else:
            self._set(desks=(*self.book.policy.desks, desk))

    def _desk(self, channel: str, words: str) -> Desk:
        bare = Desk(platform="chat", tenant="x", channel=channel)
        return routed(bare, words, self.book.causes, self.book.languages)

    async def _take(self, event: Event) -> None:
        answer = (await self._turns().take(event, delivers=False)).answer
        self._whisper(event, answer)
        await self._deliver()

    def _whisper(self, event: Event, answer: Answer) -> None:
        for reply in answer.replies.values():
            if isinstance(reply, Say) and reply.to == "presser":
                whom = "user" if event.origin.platform == "test" else "expert"
                self.lines += [f"bot>{whom}: {line}".rstrip() for line in _shown(reply)]
                if isinstance(reply, Ask):
                    self.form[event.origin.user] = reply

    async def _deliver(self) -> None:
        turns = self._turns()
        deliveries = Deliveries(
            store=self.store,
            desk=BuiltinDesk(self.store.tickets, self.now, decider(self.book)),
            adapters={"test": self.near, "chat": self.far},
            turns=turns,
            now=self.now,
            pace=Pace(attempts=100),
        )
        await deliveries.sweep()

    def _turns(self) -> Turns:
        book = self.book
        table = Table(
            advance=lambda state, event: advance(state, event, book),
            clean=clean,
            current=lambda state, event: current(state, event, book),
            trouble=lambda state, origin, id: Say(text=(id,)),
        )
        return Turns(
            store=self.store,
            adapters={"test": self.near, "chat": self.far},
            table=table,
            now=self.now,
            lease=timedelta(seconds=30),
            channels=Channels(self.store, book, self.now),
        )

    async def _wait(self, span: timedelta) -> None:
        """Let time go by, and the timers and second tries with it."""
        until = self.at + span
        scope = Scope(platforms=frozenset({"test", "chat"}))
        while True:
            due = await self.store.timers(scope, milliseconds(until), 1)
            heads = {row.lane: row.due for row in reversed(self.store.outbox)}
            tries = [at for at in heads.values() if at <= milliseconds(until)]
            soonest = min([*(it.at for it in due), *tries], default=None)
            if soonest is None:
                break
            self.at = max(self.at, datetime.fromtimestamp(soonest / 1000, UTC))
            if due and due[0].at == soonest:
                self._count += 1
                origin = due[0].origin
                event = Elapsed(
                    id=f"t:{self._count}", at=self.at, origin=origin, timer=due[0].timer
                )
                await self._turns().take(event, due[0], delivers=False)
            await self._deliver()
        self.at = until

    def _event(self, line: str) -> Event:
        if not (said := _SPEAKER.fullmatch(line)):
            raise ValueError(f"nobody can play this line: {line}")
        who, name, channel, words = said[1], said[2], said[3], said[4]
        self._count += 1
        id = f"{who}:{self._count}"
        origin = self._origin(who, name, channel)
        if press := _PRESS.fullmatch(words):
            asked = self._asked(origin, press[1])
            choice = next(it.id for it in asked.choices if it.label == press[1])
            return Chose(id=id, at=self.at, origin=origin, token=asked.token, choice=choice)
        mark, text = (found[1], found[2]) if (found := _MARK.fullmatch(words)) else ("", words)
        message = f"m:{who}:{self._count}"
        match mark:
            case "edits":
                message, of = self.said[who]
                return Edited(id=id, at=self.at, origin=origin, text=text, message=message, of=of)
            case "deletes":
                message, of = self.said[who]
                return Deleted(id=id, at=self.at, origin=origin, message=message, of=of)
            case "form":
                token = self.form[origin.user].token
                return Said(id=id, at=self.at, origin=origin, text=text, token=token)
            case _:
                told, self.said[who] = mark != "aside", (message, id)
                files = tuple(_file(kind, name) for kind, name in _ENCLOSED.findall(text))
                return Said(
                    id=id,
                    at=self.at,
                    origin=origin,
                    text=_ENCLOSED.sub("", text).strip(),
                    addressed=told,
                    message=message,
                    files=files,
                    pictures=sum(file.kind == "picture" for file in files),
                )

    def _origin(self, who: str, name: str | None, channel: str | None) -> Origin:
        if who == "user":
            return Origin(
                platform="test",
                tenant="t",
                conversation=f"{_HERE}{channel or ''}",
                user="test:ann",
                name="Ann",
                language=self.language,
            )
        called = {"expert": name or "kim", "admin": "ada", "stranger": "bob"}[who]
        where = channel or (self.home if who != "stranger" else "#random")
        return Origin(
            platform="chat",
            tenant="x",
            conversation=f"chat:x:{where}:{called}",
            user=f"chat:{called}",
            name=called.title(),
            channel=where,
            thread="" if who == "admin" else self.far.cards.get(where, ""),
        )

    def _asked(self, origin: Origin, label: str) -> Ask:
        form = self.form.get(origin.user)
        if form and label in [it.label for it in form.choices]:
            return form
        where = origin.channel if origin.channel in self.far.asked else self.home
        near = origin.platform == "test"
        shown = self.near.asked[origin.conversation] if near else self.far.asked[where]
        if label in [it.label for it in shown.choices]:
            return shown
        old = [it for it in self.far.seen if label in [c.label for c in it.choices]]
        if not old:
            offered = [it.label for it in (form.choices if form else ())]
            raise ValueError(f"there is no button [{label}], but {offered}")
        return old[0]


def _file(kind: str, name: str) -> File:
    link = f"https://files.example/{name}" if kind == "document" else ""
    return File(name, {"name": name}, _KINDS[kind], link)


async def play(written: Sequence[str], stage: Stage) -> list[str]:
    """Return the whole transcript as it goes when the people in it say what is `written`."""
    played: list[str] = []
    for line in written:
        if ANSWERS.match(line) or line.startswith("bot>"):
            continue
        played.append(line)
        if line.strip() and not line.startswith("#"):
            played += await stage.hear(line)
    return played


def _shown(reply: Reply, again: str = "") -> Iterator[str]:
    """Yield what people read; of a card that is changed, what may have changed."""
    if isinstance(reply, Settle):
        return
    card = isinstance(reply, Ask) and reply.stays
    if again and not card:
        yield "(in the place of what stood there)"
    yield from (f"(card) {text}" if card and n == 0 else text for n, text in enumerate(reply.text))
    rows = reply.rows[:1] if card and again else reply.rows
    yield from (f"{row.heading}: {' / '.join(row.value.splitlines())}" for row in rows)
    yield from (f"> {line}" for line in reply.quote.splitlines())
    if isinstance(reply, Pictured):
        yield f"(picture {reply.picture.name})"
    if reply.facts:
        yield f"{reply.facts_title}: {' · '.join(reply.facts)}".removeprefix(": ")
    yield from (f"{link.label} <{link.url}>" for link in reply.links if not again)
    if isinstance(reply, Ask):
        if reply.choices:
            yield " ".join(f"[{choice.label}]" for choice in reply.choices)
        if reply.field and reply.to == "presser":
            yield f"({reply.field.label}: ______ [{reply.field.button}])"
