"""`flowmend tickets`: the built-in desk, for the people who take up what was handed over."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from adapters.console.render import printable
from bot import clock
from bot.commands.administering import minute, operator, with_store
from bot.content import library
from bot.errors import UserError
from bot.settings import Settings, read
from bot.storage import Store, Ticket
from dialogs.cards import ticket_name
from dialogs.library import Library
from dialogs.pack import pack
from dialogs.ticket import Erased, Open, Reopen, Reopened, Resolve, Resolved, TicketState

_NUMBER = re.compile(r"(?:fm[ -]?)?0*([1-9]\d{0,8})", re.IGNORECASE)
_MOST = 1000
_BY = "the support team"


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "resolve", "reopen"),
        default="list",
        help="what to do (default: list)",
    )
    parser.add_argument("number", metavar="N", nargs="?", help="the ticket, as 12 or FM-12")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Works beside a running chat: whoever asked hears there that a ticket was resolved or\n"
        "opened again.\n\n"
        "examples:\n"
        "  flowmend tickets\n"
        "  flowmend tickets show FM-12\n"
        "  flowmend tickets resolve 12"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read({"database": args.database})
    if args.action == "list" and args.number is not None:
        raise UserError(f"'list' takes no number; 'flowmend tickets show {args.number}' does")
    number = 0 if args.action == "list" else _number(args.action, args.number)
    lines = with_store(settings, lambda store: _done(args.action, number, store, settings))
    print(printable("\n".join(lines)))
    return 0


def _number(action: str, given: str | None) -> int:
    if given is None:
        raise UserError(f"which ticket? For example: flowmend tickets {action} FM-12")
    found = _NUMBER.fullmatch(given.strip())
    if not found:
        raise UserError(f"'{given}' is no ticket; write it as 12 or FM-12")
    return int(found[1])


async def _done(action: str, number: int, store: Store, settings: Settings) -> list[str]:
    if action == "list":
        return [*map(_line, await store.tickets.list(_MOST))] or ["no tickets"]
    if action == "show":
        ticket = _there(number, await store.tickets.get(number))
        return [*_shown(ticket, library(settings), settings.language)]
    return [await _changed(action, number, store)]


async def _changed(action: str, number: int, store: Store) -> str:
    before = _there(number, await store.tickets.get(number))
    name = ticket_name(number)
    if isinstance(before.state, Erased):
        raise UserError(f"{name}: whoever asked was forgotten; nothing is left to {action}")
    ask, wanted = (Resolve, "resolved") if action == "resolve" else (Reopen, "reopened")
    request = ask(by=_BY, at=clock.now())
    after = _there(
        number, await store.tickets.change(number, request, person=operator(), tell=True)
    )
    changed = any(entry.what == wanted for entry in after.entries[len(before.entries) :])
    return f"{name} is {wanted}" if changed else f"{name} was {_state(after.state)} before"


def _there(number: int, ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise UserError(f"there is no ticket {ticket_name(number)}")
    return ticket


def _line(ticket: Ticket) -> str:
    subject = ticket.wanted.subject if ticket.wanted else ""
    opened_at = minute(ticket.opened_at)
    return (
        f"{ticket_name(ticket.number):<8} {_state(ticket.state):<9} {opened_at}  {subject}".rstrip()
    )


def _shown(ticket: Ticket, book: Library, language: str) -> Iterator[str]:
    yield _line(ticket)
    if ticket.wanted:
        yield ""
        yield from pack(ticket.wanted.case, book, language).lines()
    yield ""
    for entry in ticket.entries:
        text = f": {entry.text}" if entry.text else ""
        yield f"{minute(entry.at)}  {entry.what} by {entry.by}{text}"


def _state(state: TicketState) -> str:
    match state:
        case Open():
            return "open"
        case Resolved():
            return "resolved"
        case Reopened():
            return "reopened"
        case Erased():
            return "erased"
