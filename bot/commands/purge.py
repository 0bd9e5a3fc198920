"""`flowmend purge`: what is old goes, counts stay."""

from __future__ import annotations

import argparse

from bot import clock
from bot.commands.administering import act, duration, with_store
from bot.errors import UserError
from bot.retention import cut
from bot.settings import read_existing
from bot.storage import Store
from bot.storage.keeping import Went, counted


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument(
        "--older-than", metavar="AGE", required=True, help="how long things are kept, as 90d"
    )
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Conversations that nobody touched for so long go, and solved tickets, and deliveries\n"
        "that were put aside or that nobody could make. Open tickets stay. Of the turns, counts\n"
        "by day, cause and outcome stay, which name nobody. Works beside a running service: it\n"
        "goes in small bites, and whoever talks meanwhile is answered.\n\n"
        "example:\n  flowmend purge --older-than 90d"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read_existing({"database": args.database})
    keep = duration("--older-than", args.older_than)
    try:
        old = cut(clock.now(), keep)
    except ValueError as error:
        raise UserError(f"--older-than: {error}") from None
    line = act("purged", f"older than {args.older_than}")

    async def work(store: Store) -> Went:
        await store.audit.write(line)
        return await store.purge(old, line)

    went = counted(with_store(settings, work, "'flowmend audit' tells what went until then"))
    print(f"older than {args.older_than}: {went or 'nothing'}")
    return 0
