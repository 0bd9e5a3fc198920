"""`flowmend forget`: everything of one person goes."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from adapters.console.render import printable
from bot.commands.administering import act, with_store
from bot.errors import UserError
from bot.people import full_name, is_called, label
from bot.settings import read_existing
from bot.storage import Person, Store
from bot.storage.keeping import counted

_LISTED = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("user", metavar="USER", help="as platform:user, or the user's id alone")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Does what 'forget me' does in the chat: conversations, tickets, words on the tickets of\n"
        "others and everything on its way to that person go. What stays names nobody: numbers of\n"
        "tickets, and counts. There is no way back.\n\n"
        "USER is what 'flowmend audit' shows, or the id that the platform's own administration\n"
        "shows. When several people fit, they are listed with their full names,\n"
        "platform:tenant:user.\n\n"
        "examples:\n"
        "  flowmend forget slack:U024BE7LH\n"
        "  flowmend forget 87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read_existing({"database": args.database})

    async def work(store: Store) -> str:
        person = _one(args.user, await _called(args.user, store))
        line = act("forgot")
        await store.audit.write(line)
        went = counted(await store.forget(person, act=line))
        return f"forgot {label(person)}: {went or 'nothing was left'}"

    print(printable(with_store(settings, work, "'flowmend audit' tells what went until then")))
    return 0


async def _called(name: str, store: Store) -> Sequence[Person]:
    """Return whom `name` may mean, each once; a full name means one person only."""
    found: dict[Person, None] = {}
    neighbours: dict[Person, None] = {}
    async for person in store.people():
        if is_called(person, name):
            found[person] = None
        elif person.tenant.casefold() == name.strip().casefold():
            neighbours[person] = None
    if neighbours and not found:
        raise UserError(f"'{name}' is a tenant, of {_names(neighbours)}; write one of these names")
    exact = [person for person in found if full_name(person) == name.strip()]
    return exact or list(found)


def _one(name: str, found: Sequence[Person]) -> Person:
    if not found:
        raise UserError(f"nobody here is called '{name}'; 'flowmend audit' shows who is known")
    if len(found) == 1:
        return found[0]
    raise UserError(f"'{name}' may be {_names(found)}; write one of these names")


def _names(people: Collection[Person]) -> str:
    names = sorted(map(full_name, people))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"
