"""Secrets go in wherever somebody may write; then the raw files are searched for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.base import Gone, TryLater
from bot.desk.builtin import BuiltinDesk
from bot.storage import Store
from bot.storage.opening import open_store
from dialogs.engine import advance
from dialogs.events import Event, Origin
from dialogs.intake import clean
from dialogs.library import Library, load
from tests.bot.fakes import FakeAdapter, FakeClock
from tests.bot.program import PASTE, Program
from tests.bot.story import PACE, TABLE
from tests.bot.story import turns as workings
from tests.bot.values import chose, decide_ticket, origin, said
from tests.dialogs.planting import PLANTED

book: Callable[[], Library] = cache(load)


class Failing(FakeAdapter):
    """A platform that repeats what it was told in its errors, and then does its work."""

    def plan(self, secret: str) -> None:
        self.fails = [TryLater(f"429: {secret}"), Gone(f"410: {secret}"), ValueError(secret)]


def story(where: Origin, planted: str) -> Sequence[Event]:
    """Return what one person does, with `planted` in everything that can be written."""
    lines = (
        f"hello {planted}",  # before anything is known
        f"my flow fails since today\n{planted}",  # one question is asked
        f"401 Unauthorized {planted}",
        f"{PASTE} {planted}",  # a step is shown
        f"I tried this already, with {planted}",  # a note
        "still failing",
        f"it shows this now: {planted}",  # the message that was asked for
        f"start over {planted}",
        f"{PASTE}\n{planted}",
        "forget me",
        f"no, wait: {planted}",
        "done",
        f"it fails again: {planted}",
        "talk to a person",
        f"one more thing: {planted}",  # goes to the ticket
        f'{{"error": "{planted}"}}',
    )
    events = [said(f"{where.conversation}:{n}", line, where) for n, line in enumerate(lines)]
    press = chose(f"{where.conversation}:press", planted, planted, where)
    return [it for event in events for it in (event, replace(press, id=f"{event.id}:press"))]


async def live(store: Store, texts: Sequence[str]) -> None:
    """Let everybody live their story, with one of `texts` each."""
    adapter, clock = Failing(), FakeClock()
    desk = BuiltinDesk(store.tickets, clock, decide_ticket)
    table = replace(TABLE, advance=lambda state, event: advance(state, event, book()), clean=clean)
    turns = workings(store, desk, {"test": adapter}, clock, PACE, table)
    for n, text in enumerate(texts):
        for event in story(origin(f"test:t:{n}", f"u{n}"), text):
            adapter.plan(text)
            await turns.handle(event)
            clock.pass_(60)
    assert len(await store.tickets.list()) == len(texts), "each story ends with people"
    assert any(letter.error for letter in await store.letters.list(10_000))


def batched(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    return [texts[n : n + size] for n in range(0, len(texts), size)]


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@given(st.fixed_dictionaries(PLANTED))
@settings(max_examples=2, deadline=None)
def test_no_secret_reaches_the_files(planted: dict[str, tuple[str, str]]) -> None:
    texts = [text for text, _ in planted.values()]

    async def main(folder: Path) -> bytes:
        async with open_store(f"sqlite:///{folder / 'bot.sqlite3'}") as store:
            await live(store, ["\n".join(some) for some in batched(texts, 5)])
            return every_byte(folder)

    with TemporaryDirectory() as name:
        kept = asyncio.run(main(Path(name)))
        kept += every_byte(Path(name))

    assert b"[hidden: " in kept
    assert [kind for kind, (_, secret) in planted.items() if secret.encode() in kept] == []


def test_no_secret_reaches_any_file_of_a_chat(flowmend: Program) -> None:
    """Database, log and history: whatever the program leaves in its home."""
    secrets = ("Summer2024!x", "k4m8Q~7dWxYzAbCdEfGhIjKlMnOpQrStUvWx.ab", "q2Zx7Yt9bN4kLmP0sRvWdEf")
    password, value, sig = secrets
    paste = f"{PASTE} password: {password} https://prod.example/a?sv=1.0&sig={sig} {value}"
    talk = f"{paste}\nstill failing\n{paste}\ntalk to a person\n{paste}\n"
    flowmend.run("chat", "--plain", stdin=talk)
    flowmend.run("backup", str(flowmend.home / "copy"))

    kept = every_byte(flowmend.home)

    assert kept.count(b"[hidden: ") > 3
    assert [secret for secret in secrets if secret.encode() in kept] == []
