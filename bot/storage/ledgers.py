"""Audit, outbox and retention on a database: long work goes in bites, with a pause after each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bot.storage import Outgoing, Person
from bot.storage.keeping import Act, Cut, Handled, Letter, Went
from bot.storage.keys import person_key, person_of
from bot.storage.running import Runner
from bot.storage.scrubbing import scrub
from bot.storage.transactions import audit, letters, names, people, retention

_PAUSE = 0.005
"""Seconds between two bites of a long deletion, for the turns that wait."""


class SqlAudit:
    """See `bot.storage.keeping.Audit`."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run

    async def write(self, act: Act) -> None:
        """See `Audit.write`."""
        await self._run(audit.record, act)

    async def read(self, since: int = 0) -> AsyncIterator[Act]:
        """See `Audit.read`."""
        at, id = since, -1
        while rows := await self._run(audit.read_some, at, id):
            for _, act in rows:
                yield act
            id, last = rows[-1]
            at = last.at


class SqlLetters:
    """See `bot.storage.keeping.Letters`."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run

    async def list(self, limit: int) -> Sequence[Letter]:
        """See `Letters.list`."""
        return await self._run(letters.oldest, limit)

    async def get(self, id: int) -> Letter | None:
        """See `Letters.get`."""
        return await self._run(letters.get, id)

    async def retry(self, id: int, act: Act) -> Handled:
        """See `Letters.retry`."""
        return await self._run(letters.retry, id, act)

    async def retry_all(self, act: Act) -> int:
        """See `Letters.retry_all`. What dies again meanwhile is not tried for ever."""
        last, number = await self._run(letters.newest), 0
        while some := await self._run(letters.retry_some, last, act):
            number += some
            await asyncio.sleep(_PAUSE)
        return number

    async def drop(self, id: int, act: Act) -> Handled:
        """See `Letters.drop`."""
        return await self._run(letters.drop, id, act)


async def everyone(runner: Runner) -> AsyncIterator[Person]:
    """See `Store.people`."""
    for place in range(len(names.PLACES)):
        after = ""
        while keys := await runner.run(names.some, place, after):
            after = keys[-1]
            for key in keys:
                yield person_of(key)
            await asyncio.sleep(0)


async def forget(runner: Runner, person: Person, sparing: Outgoing | None, act: Act | None) -> Went:
    """See `Store.forget`."""
    key = person_key(person)
    went = await _bites(lambda went: runner.run(people.forget_some, key, sparing, act, went))
    await scrub(runner)
    return went


async def purge(runner: Runner, cut: Cut, act: Act | None) -> Went:
    """See `Store.purge`."""
    went = await _bites(lambda went: runner.run(retention.purge_some, cut, act, went))
    more = True
    while more:
        more = await runner.run(retention.give_back)
        await asyncio.sleep(_PAUSE)
    await scrub(runner)
    return went


async def _bites(bite: Callable[[Went], Awaitable[Went]]) -> Went:
    """Take bites until there is nothing left; each is told what went before it."""
    went: Went = Counter()
    while some := await bite(went):
        went = went + some
        await asyncio.sleep(_PAUSE)
    return went
