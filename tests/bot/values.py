"""Things that happen and are said, ready to use."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from bot.clock import milliseconds
from bot.storage import Decide, Decision, Note, Person, Store, Ticket
from dialogs.case import Case, Try
from dialogs.diagnosis.model import Diagnosis, Evidence, Reason
from dialogs.events import Chose, Origin, Said
from dialogs.library import Library, load
from dialogs.replies import Effect, OpenTicket, Reply, Say
from dialogs.state import Guiding, Idle, State
from dialogs.ticket import Sheet, TicketRequest, TicketStep, advance

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
NOW = milliseconds(AT)


def origin(conversation: str = "test:t:c", user: str = "u1", **route: str) -> Origin:
    return Origin(
        platform="test",
        tenant="t",
        conversation=conversation,
        user=user,
        language="ko",
        route=route or {"way": "back"},
    )


def said(id: str = "test:1", text: str = "AADSTS50173", where: Origin | None = None) -> Said:
    return Said(id=id, at=AT, origin=where or origin(), text=text)


def chose(id: str, token: str, choice: str, where: Origin | None = None) -> Chose:
    return Chose(id=id, at=AT, origin=where or origin(), token=token, choice=choice)


def case(text: str = "AADSTS50173: 비밀번호가 바뀌었어요") -> Case:
    found = Diagnosis(
        text=text,
        auth_failure=True,
        confidence="certain",
        cause="password-changed",
        who=("you", "connection-owner"),
        why=(Reason(0, 11, "AADSTS50173", "password-changed"),),
        http_status=401,
        codes=("AADSTS50173",),
        language="ko",
        evidence=Evidence(connector="SharePoint", run_id="0858"),
        links={"run": "https://make.powerautomate.com/x"},
        also=("session-expired",),
    )
    return Case(
        opened_at=AT,
        diagnosis=found,
        tried=(Try(cause="password-changed", step="open", answer="done", at=AT),),
        notes=("and again",),
    )


def guiding(step: str = "open") -> Guiding:
    return Guiding(language="ko", case=case(), token="t1", cause="password-changed", step=step)


def ticket_wanted(text: str = "AADSTS50173") -> OpenTicket:
    return OpenTicket(case=case(text), subject="Password changed")


def say(*text: str) -> Say:
    return Say(text=text)


def deciding(
    state: State | None = None, *replies: Reply, effects: tuple[Effect, ...] = ()
) -> Decide:
    """Return a decision that does not look at where the conversation stood."""

    def decide(_: State) -> Decision:
        note = Note(event="Said", outcome="Guiding", language="ko", cause="password-changed")
        return Decision(state=state or Idle(), replies=replies, effects=effects, note=note)

    return decide


@cache
def book() -> Library:
    """Return what the bot knows, read once."""
    return load()


def decide_ticket(sheet: Sheet, request: TicketRequest) -> TicketStep:
    """Decide as the bot does without settings."""
    return advance(sheet, request, book())


async def change(
    store: Store,
    number: int,
    request: TicketRequest,
    *,
    person: Person | None = None,
    key: str | None = None,
) -> Ticket | None:
    """Do what is asked of a ticket; return it as it is then."""
    changed = await store.tickets.change(number, request, decide_ticket, person=person, key=key)
    return changed.ticket if changed else None
