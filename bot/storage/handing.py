"""What a turn, and a step of a ticket, leave in the outbox, whatever store keeps it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.storage import Decision, Person
from bot.storage.lanes import Item
from dialogs.events import Event, Origin
from dialogs.replies import SetTimer, StopTimer
from dialogs.ticket import Claimed, Sheet, TicketState, TicketStep, Waiting


def ticket_key(number: int) -> str:
    """Return what a ticket's timer is kept under, among those of conversations."""
    return f"ticket:{number}"


def number_of(key: str) -> int | None:
    """Return whose `ticket_key` this is; None when it is a conversation's."""
    name, _, number = key.partition(":")
    return int(number) if name == "ticket" and number.isdecimal() else None


def timer_origin(sheet: Sheet) -> Origin:
    """Return where a ticket's timer goes off: nobody is named by it."""
    platform = sheet.origin.platform if sheet.origin else ""
    tenant = sheet.origin.tenant if sheet.origin else ""
    conversation = ticket_key(sheet.number)
    return Origin(platform=platform, tenant=tenant, conversation=conversation, user="")


def left_by_turn(event: Event, decision: Decision) -> dict[str, Item]:
    """Return what goes into the outbox, by key.

    Timers do not: they are rows of their own. What only the presser sees is in the answer alone.
    """
    return {
        f"{event.id}:{n}": item
        for n, item in enumerate((*decision.replies, *decision.effects))
        if not isinstance(item, SetTimer | StopTimer) and getattr(item, "to", "") != "presser"
    }


def left_by_ticket(sheet: Sheet, step: TicketStep) -> Iterator[tuple[Origin, dict[str, Item]]]:
    """Yield each place and what goes there, by key, in order."""
    there: dict[str, tuple[Origin, dict[str, Item]]] = {}
    for n, (desk, reply) in enumerate((it.desk, it.reply) for it in step.shown):
        key = f"{desk.platform}:desk:{sheet.number}:{sheet.version + 1}:{n}"
        there.setdefault(desk.key, (desk.origin(sheet.number), {}))[1][key] = reply
    yield from there.values()
    if step.tells:
        yield step.tells[0].origin, {event.id: event for event in step.tells}


def holder(sheet: Sheet, state: TicketState) -> Person | None:
    """Return who has the ticket at `state`, if they are somebody who can be forgotten."""
    desk = sheet.desk
    if not isinstance(state, Claimed | Waiting) or not state.by.user:
        return None
    platform = state.by.user.partition(":")[0]
    return Person(platform, desk.tenant if desk else "", state.by.user)


def without_holder(state: TicketState) -> TicketState:
    """Return `state` with whoever has the ticket no longer named."""
    if not isinstance(state, Claimed | Waiting):
        return state
    return replace(state, by=type(state.by)())
