"""One conversation at a terminal, with whole fakes for whoever types and whoever looks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from adapters.base import Answer, Handler, Place, TryLater
from adapters.console.adapter import ConsoleAdapter, Seat
from adapters.console.render import Line
from dialogs.events import Arrived, Event, Origin, Said
from dialogs.replies import Say

NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
ORIGIN = Origin(platform="console", conversation="console:local:default", user="console:local")


class Typist:
    """Types what it was told to, then leaves as soon as it may."""

    def __init__(self, *messages: str, stays: bool = False) -> None:
        self._messages = list(messages)
        self.may_leave = asyncio.Event()
        if not stays:
            self.may_leave.set()

    async def read(self) -> str | None:
        if self._messages:
            return self._messages.pop(0)
        await self.may_leave.wait()
        return None


class Paper:
    """Keeps what it is shown; `[end]` is the end of a turn. Can be torn."""

    def __init__(self, torn_after: int = 1000) -> None:
        self.seen: list[str] = []
        self._left = torn_after

    def show(self, lines: Sequence[Line]) -> None:
        self._take(*(line.text for line in lines))

    def end_turn(self) -> None:
        self._take("[end]")

    def _take(self, *texts: str) -> None:
        if self._left <= 0:
            raise BrokenPipeError
        self._left -= 1
        self.seen += texts


def seat() -> Seat:
    numbers = iter(range(100))
    return Seat(
        conversation="default",
        user="local",
        language="en",
        now=lambda: NOW,
        new_id=lambda: str(next(numbers)),
    )


async def talk(adapter: ConsoleAdapter, handle: Handler) -> None:
    async with adapter.connect(None, handle):
        await adapter.ended()


async def test_every_message_becomes_an_event_and_every_turn_ends() -> None:
    events: list[Event] = []
    paper = Paper()
    adapter = ConsoleAdapter(seat(), Typist("hello", ""), paper, greets=False)

    async def handle(event: Event) -> Answer:
        events.append(event)
        await adapter.send(Place(event.origin), Say(text=(f"re {event.id}",)))
        return Answer()

    await talk(adapter, handle)

    assert [(type(event), event.id) for event in events] == [
        (Said, "console:0"),
        (Said, "console:1"),
    ]
    assert paper.seen == ["re console:0", "[end]", "re console:1", "[end]"]


async def test_a_person_is_greeted_before_anything_is_typed() -> None:
    events: list[Event] = []

    async def handle(event: Event) -> Answer:
        events.append(event)
        await adapter.send(Place(event.origin), Say(text=("Hello",)))
        return Answer()

    paper = Paper()
    adapter = ConsoleAdapter(seat(), Typist(), paper, greets=True)
    await talk(adapter, handle)

    assert [type(event) for event in events] == [Arrived]
    assert paper.seen == ["Hello", "[end]"]


async def test_words_that_nobody_asked_for_are_a_turn_of_their_own() -> None:
    typist, paper = Typist("hello", stays=True), Paper()
    adapter = ConsoleAdapter(seat(), typist, paper, greets=False)

    async def handle(event: Event) -> Answer:
        await adapter.send(Place(event.origin), Say(text=("re",)))
        return Answer({"test:1:0": Say(text=("sent already",))})

    async with adapter.connect(None, handle):
        await asyncio.sleep(0.05)
        await adapter.send(Place(ORIGIN), Say(text=("FM-7 is solved",)))
        await adapter.send(Place(ORIGIN), Say(text=("Still failing?",)))
        await asyncio.sleep(0.4)
        typist.may_leave.set()
        await adapter.ended()

    assert paper.seen == ["re", "[end]", "FM-7 is solved", "Still failing?", "[end]"]


async def test_words_that_nobody_asked_for_end_before_the_next_turn_begins() -> None:
    typist, paper = Typist("hello"), Paper()
    adapter = ConsoleAdapter(seat(), typist, paper, greets=False)

    async def handle(event: Event) -> Answer:
        await adapter.send(Place(event.origin), Say(text=("re",)))
        return Answer({"test:1:0": Say(text=("sent already",))})

    await adapter.send(Place(ORIGIN), Say(text=("FM-7 is solved",)))
    await talk(adapter, handle)

    assert paper.seen == ["FM-7 is solved", "[end]", "re", "[end]"]


@pytest.mark.parametrize("torn_after", [0, 1, 2, 3])
async def test_a_screen_that_went_away_ends_the_chat_and_keeps_the_reply(torn_after: int) -> None:
    kept: list[str] = []
    adapter = ConsoleAdapter(seat(), Typist(*"abcdef"), Paper(torn_after), greets=False)

    async def handle(event: Event) -> Answer:
        with suppress(TryLater):
            await adapter.send(Place(event.origin), Say(text=("re",)))
            return Answer()
        kept.append(event.id)
        return Answer()

    await talk(adapter, handle)

    assert len(kept) <= 1
    with pytest.raises(TryLater):
        await adapter.send(Place(ORIGIN), Say(text=("again",)))


async def test_what_goes_wrong_in_a_turn_reaches_whoever_waits_for_the_end() -> None:
    async def handle(event: Event) -> Answer:
        raise LookupError("broken")

    adapter = ConsoleAdapter(seat(), Typist("hello"), Paper(), greets=False)

    with pytest.raises(LookupError, match="broken"):
        await talk(adapter, handle)


async def test_a_chat_can_be_left_while_it_waits_for_a_message() -> None:
    async def handle(event: Event) -> Answer:
        return Answer()

    adapter = ConsoleAdapter(seat(), Typist(stays=True), Paper(), greets=False)
    chat = asyncio.create_task(talk(adapter, handle))
    await asyncio.sleep(0.02)
    chat.cancel()
    await asyncio.wait([chat])

    assert chat.cancelled()
