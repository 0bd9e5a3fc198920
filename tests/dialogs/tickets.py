"""Tickets, ready to be decided about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.case import Case
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import Origin
from dialogs.hours import Hours
from dialogs.library import Library, load
from dialogs.replies import OpenTicket
from dialogs.ticket import Desk, Expert, Sheet, TicketRequest, TicketStep, advance

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
EARLIER = AT - timedelta(days=1)
HERE = Desk(platform="test", tenant="t", channel="help")
THERE = Desk(platform="chat", tenant="x", channel="identity", team="identity", language="ko")
KIM, LEE = Expert("test:kim", "Kim"), Expert("test:lee", "Lee")
BARE = load()
BOOK: Library = replace(
    BARE,
    policy=replace(
        BARE.policy,
        claim_after=timedelta(hours=1),
        answer_after=timedelta(days=3),
        contact="help@example.com",
    ),
)
OFFICE = Hours(
    zone=ZoneInfo("Asia/Seoul"),
    week=dict.fromkeys(range(5), ((540, 720), (780, 1080))),
)


def requester(**more: Any) -> Origin:
    known = {"platform": "test", "tenant": "t", "conversation": "test:t:1", "user": "test:ann"}
    return Origin(**(known | more))


def wanted(cause: str = "password-changed", language: str = "en") -> OpenTicket:
    read = Diagnosis(
        text="AADSTS50173",
        auth_failure=True,
        confidence="certain",
        cause=cause,
        codes=("AADSTS50173",),
        language=language,
    )
    return OpenTicket(case=Case(opened_at=AT, diagnosis=read), subject="Password changed")


def sheet(state: Any, **more: Any) -> Sheet:
    known: dict[str, Any] = {
        "number": 7,
        "origin": requester(),
        "wanted": wanted(),
        "desk": HERE,
        "desks": (HERE,),
    }
    return Sheet(state=state, **(known | more))


def by(expert: Expert, kind: type[Any], **more: Any) -> Any:
    known = {"by": expert.name, "user": expert.user, "at": AT, "desk": HERE.key}
    return kind(**(known | more))


def decided(sheet: Sheet, request: TicketRequest, book: Library = BOOK) -> TicketStep:
    return advance(sheet, request, book)
