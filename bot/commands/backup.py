"""`flowmend backup`: a copy of the database, while it is in use."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.commands.administering import act, with_store
from bot.errors import UserError
from bot.settings import read
from bot.storage import Store
from bot.storage.backup import back_up, dump_command

_FILE = "sqlite:///"


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("file", metavar="FILE", help="where the copy goes")
    parser.add_argument("--force", action="store_true", help="replace FILE when it is there")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Works beside a running service: the copy is of one moment, was checked, and is there\n"
        "whole or not at all. Restore it by putting it in the database's place while nothing\n"
        "runs. Whoever was forgotten since is in it: purge and forget do not reach copies.\n"
        "PostgreSQL is backed up by its own pg_dump; this tells the command.\n\n"
        "example:\n  flowmend backup /backup/flowmend-monday.sqlite3"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read({"database": args.database})
    url, target = settings.database, Path(args.file).absolute()
    if not url.startswith(_FILE):
        raise UserError(f"PostgreSQL is backed up by its own tool: {dump_command(url, args.file)}")
    database = Path(url.removeprefix(_FILE))
    if not database.exists():
        raise UserError(f"there is no database {database}")
    size = 0

    async def work(store: Store) -> None:
        nonlocal size
        size = await asyncio.to_thread(back_up, database, target, force=args.force)
        await store.audit.write(act("backed-up", str(target)))

    with_store(settings, work, f"look whether {target} is there: the audit does not tell")
    print(f"backed up to {args.file} ({size / 1_000_000:,.1f} MB)")
    return 0
