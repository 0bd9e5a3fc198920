"""Whole, working stand-ins for the clock, a platform and a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from aiohttp import web

from adapters.base import Handler, Place, Receipt
from bot.desk import Refused
from dialogs.events import Origin
from dialogs.replies import AddToTicket, OpenTicket, ReopenTicket, Reply, WithdrawTicket
from tests.bot.values import AT


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeAdapter:
    """A platform whose failures are planned: one of `fails` for each send, first to last."""

    name = "test"

    def __init__(self) -> None:
        self.sent: list[Reply] = []
        self.fails: list[BaseException] = []

    @asynccontextmanager
    async def connect(self, http: web.Application | None, handle: Handler) -> AsyncIterator[None]:
        yield

    async def send(self, place: Place, reply: Reply) -> Receipt:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(reply)
        return Receipt()


class FakeDesk:
    """A desk elsewhere: numbers count up, `fails` as with the adapter."""

    def __init__(self) -> None:
        self.opened: dict[str, int] = {}
        self.lines: dict[str, tuple[int, str]] = {}
        self.reopened: dict[str, int] = {}
        self.withdrawn: dict[str, int] = {}
        self.fails: list[BaseException] = []

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)

    async def open(self, key: str, origin: Origin, wanted: OpenTicket) -> int:
        self._fail()
        return self.opened.setdefault(key, len(self.opened) + 1)

    async def add(self, key: str, origin: Origin, wanted: AddToTicket) -> None:
        self._fail()
        self._known(wanted.number)
        self.lines.setdefault(key, (wanted.number, wanted.text))

    async def reopen(self, key: str, origin: Origin, wanted: ReopenTicket) -> None:
        self._fail()
        self._known(wanted.number)
        self.reopened.setdefault(key, wanted.number)

    async def withdraw(self, key: str, origin: Origin, wanted: WithdrawTicket) -> None:
        self._fail()
        self._known(wanted.number)
        self.withdrawn.setdefault(key, wanted.number)

    def _known(self, number: int) -> None:
        if number not in self.opened.values():
            raise Refused("there is no such ticket")
