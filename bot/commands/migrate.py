"""`flowmend migrate`: makes the tables that this version needs."""

from __future__ import annotations

import argparse
import asyncio

from bot.errors import UserError
from bot.settings import home, read
from bot.storage import Unavailable
from bot.storage.layout import Migrated
from bot.storage.opening import migrate_store


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Run it before each new version starts; it may run several times, and twice at once.\n"
        "Lists of processes show what is on a command line: a password belongs in\n"
        "FLOWMEND_DATABASE, PGPASSWORD or ~/.pgpass. SQLite files migrate themselves.\n\n"
        "examples:\n"
        "  flowmend migrate\n"
        "  flowmend migrate --database postgresql://flowmend@db.example.com/flowmend"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read({"database": args.database})
    try:
        print(_told(asyncio.run(migrate_store(settings.database, home()))))
    except Unavailable as error:
        raise UserError(str(error)) from None
    return 0


def _told(done: Migrated) -> str:
    if done.before == done.after:
        return f"{done.database}: up to date (revision {done.after}), nothing to do"
    if done.before is None:
        return f"{done.database}: new tables made (revision {done.after})"
    return f"{done.database}: brought from revision {done.before} to {done.after}"
