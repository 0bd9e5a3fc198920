"""`flowmend tickets`: all that can be done with a ticket, for people who have a shell."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from adapters.console.render import printable
from bot import clock
from bot.commands.administering import minute, operator, with_store
from bot.content import library
from bot.desk.channels import decider
from bot.errors import UserError
from bot.settings import read_existing
from bot.storage import Store, Ticket
from dialogs.intake import clean_text
from dialogs.library import Library
from dialogs.naming import ticket_name
from dialogs.pack import pack
from dialogs.ticket import (
    OVER,
    REOPENABLE,
    Answer,
    Assign,
    Claim,
    Entry,
    Erased,
    Release,
    Reopen,
    Resolve,
    Retry,
    TicketRequest,
    TicketStep,
    Transfer,
    name_of,
)
from dialogs.ticket.cards import status
from dialogs.ticket.desks import together

_NUMBER = re.compile(r"(?:fm[ -]?)?0*([1-9]\d{0,8})", re.IGNORECASE)
_MOST = 1000
_BY = "the support team"

_Ask = Callable[[str, datetime, str], TicketRequest]
"""Who asks, when, and the words behind the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    entry: Entry
    """What the journal says when it was done."""
    ask: _Ask
    needs: str = ""
    """What must be said behind the number."""
    may_say: bool = False
    """Something may be."""
    clean: bool = False
    """It is said to the requester."""
    calm: bool = False
    """To ask for what is so already is no mistake."""
    said: str = ""
    """What it came to, where the entry does not say it."""


_ACTIONS = {
    "claim": _Action(entry="claimed", ask=lambda by, at, words: Claim(by=by, at=at, over=True)),
    "assign": _Action(
        entry="assigned",
        ask=lambda by, at, words: Assign(by=by, at=at, to=words),
        needs="to whom",
    ),
    "release": _Action(entry="released", ask=lambda by, at, words: Release(by=by, at=at)),
    "transfer": _Action(
        entry="transferred",
        ask=lambda by, at, words: Transfer(by=by, at=at, to=words),
        needs="to which desk",
    ),
    "reply": _Action(
        entry="answered",
        ask=lambda by, at, words: Answer(by=by, at=at, text=words),
        needs="what to say",
        clean=True,
    ),
    "retry": _Action(
        entry="retry",
        ask=lambda by, at, words: Retry(by=by, at=at),
        said="waiting for the requester, who was asked to try again",
    ),
    "resolve": _Action(
        entry="resolved",
        ask=lambda by, at, words: Resolve(by=by, at=at, cause=words),
        may_say=True,
        calm=True,
    ),
    "reopen": _Action(entry="reopened", ask=lambda by, at, words: Reopen(by=by, at=at), calm=True),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "desks", *_ACTIONS),
        default="list",
        help="what to do (default: list)",
    )
    parser.add_argument("number", metavar="N", nargs="?", help="the ticket, as 12 or FM-12")
    parser.add_argument(
        "words", metavar="WORDS", nargs="*", help="for assign, transfer, reply and resolve"
    )
    parser.add_argument("--as", dest="by", metavar="NAME", help="who does it, to be shown")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Works beside a running chat or service: whoever asked hears there what was done, and the\n"
        "card in the desk's channel changes.\n\n"
        "examples:\n"
        "  flowmend tickets\n"
        "  flowmend tickets show FM-12\n"
        "  flowmend tickets claim 12 --as Kim            take it, from somebody else if need be\n"
        "  flowmend tickets reply 12 'The site owner has given you access.'\n"
        "  flowmend tickets retry 12                     ask whoever asked to try again\n"
        "  flowmend tickets assign 12 Lee                give it to somebody\n"
        "  flowmend tickets release 12                   give it back, for whoever takes it\n"
        "  flowmend tickets transfer 12 identity         move it to another desk\n"
        "  flowmend tickets resolve 12 not-permitted     call it solved, with its cause\n"
        "  flowmend tickets reopen 12                    within a week"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read_existing({"database": args.database})
    if args.action in ("list", "desks") and args.number is not None:
        hint = f"; 'flowmend tickets show {args.number}' does" if args.action == "list" else ""
        raise UserError(f"'{args.action}' takes no number{hint}")
    number = 0 if args.action in ("list", "desks") else _number(args.action, args.number)
    words = _words(args.action, " ".join(args.words))
    book = library(settings)
    lines = with_store(
        settings, lambda store: _done(args.action, number, words, args.by or _BY, store, book)
    )
    print(printable("\n".join(lines)))
    return 0


def _number(action: str, given: str | None) -> int:
    if given is None:
        raise UserError(f"which ticket? For example: flowmend tickets {action} FM-12")
    found = _NUMBER.fullmatch(given.strip())
    if not found:
        raise UserError(f"'{given}' is no ticket; write it as 12 or FM-12")
    return int(found[1])


def _words(action: str, words: str) -> str:
    known = _ACTIONS.get(action)
    if known and known.needs and not words.strip():
        raise UserError(f"{action}: say {known.needs}, after the number")
    if words and not (known and (known.needs or known.may_say)):
        raise UserError(f"'{action}' takes nothing after the number")
    return words.strip()


async def _done(
    action: str, number: int, words: str, by: str, store: Store, book: Library
) -> list[str]:
    if action == "list":
        return [*(_line(it, book) for it in await store.tickets.list(_MOST))] or ["no tickets"]
    if action == "desks":
        return await _desks(store, book)
    if action == "show":
        ticket = _there(number, await store.tickets.get(number))
        return [*_shown(ticket, book)]
    return [await _changed(action, number, words, by, store, book)]


async def _desks(store: Store, book: Library) -> list[str]:
    desks = together(book.policy.desks, await store.desks.list())
    return [
        "  ".join(filter(None, (desk.key, desk.team, desk.language, " ".join(desk.causes))))
        for desk in desks
    ] or ["no desks: tickets are in 'flowmend tickets' alone"]


async def _changed(
    action: str, number: int, words: str, by: str, store: Store, book: Library
) -> str:
    name, known = ticket_name(number), _ACTIONS[action]
    before = _there(number, await store.tickets.get(number))
    if isinstance(before.state, Erased):
        raise UserError(f"{name}: whoever asked was forgotten; nothing is left to {action}")
    if action == "resolve" and words and words not in book.causes:
        raise UserError(f"'{words}' is no cause; the causes are {', '.join(book.causes)}")
    request = known.ask(by, clock.now(), clean_text(words) if known.clean else words)
    changed = await store.tickets.change(
        number, request, decider(book), person=operator(), key=f"shell:{uuid4().hex}"
    )
    after = _there(number, changed.ticket if changed else None)
    if changed and changed.step.entry == known.entry:
        return f"{name} is {known.said or known.entry}"
    if known.calm and not (changed and changed.step.refused):
        return _so_already(after, book)
    raise UserError(_why_not(action, words, after, changed.step if changed else None))


def _so_already(ticket: Ticket, book: Library) -> str:
    name, state = ticket_name(ticket.number), _status(ticket, book)[0]
    return f"{name} was {state} before" if state in OVER else f"{name} is open already: {state}"


def _why_not(action: str, words: str, ticket: Ticket, step: TicketStep | None) -> str:
    """Return what stands in the way, and what a shell can do about it."""
    name, state = ticket_name(ticket.number), name_of(ticket.state)
    if state in REOPENABLE and action != "reopen":
        return f"{name} is {state}; 'flowmend tickets reopen {name}' comes first"
    if action == "transfer" and step and step.refused:
        return f"{name} can go to no desk '{words}'; 'flowmend tickets desks' lists those there are"
    whispers = step.whispers if step else ()
    why = " ".join(text.replace("**", "") for it in whispers for text in it.text)
    return f"{name}: {why}"


def _there(number: int, ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise UserError(f"there is no ticket {ticket_name(number)}")
    return ticket


def _status(ticket: Ticket, book: Library) -> tuple[str, str]:
    """Return the state in one word, and who has it."""
    name = name_of(ticket.state)
    _, _, more = status(ticket.state, book, book.policy.language).partition(" · ")
    return name, more


def _line(ticket: Ticket, book: Library) -> str:
    subject = ticket.wanted.subject if ticket.wanted else ""
    opened_at = minute(ticket.opened_at)
    name, who = _status(ticket, book)
    line = f"{ticket_name(ticket.number):<8} {name:<9} {opened_at}  {subject}".rstrip()
    return f"{line}  ({who})" if who and name in ("claimed", "waiting") else line


def _shown(ticket: Ticket, book: Library) -> Iterator[str]:
    yield _line(ticket, book)
    if ticket.desk:
        yield f"desk: {ticket.desk.name}"
    if ticket.wanted:
        yield ""
        yield from pack(ticket.wanted.case, book, book.policy.language).lines()
    yield ""
    for entry in ticket.entries:
        text = f": {entry.text}" if entry.text else ""
        yield f"{minute(entry.at)}  {entry.what} by {entry.by}{text}"
