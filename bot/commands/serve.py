"""`flowmend serve`: the bot as a service, on every platform that is set up."""

from __future__ import annotations

import argparse
import asyncio
import gc

from bot.app import serve
from bot.content import library
from bot.memory import give_back
from bot.settings import read
from bot.storage import codec


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.epilog = (
        "Serves the platforms whose settings are there, until SIGTERM or Ctrl-C. Settings come\n"
        "from the environment; the README lists them.\n\n"
        "examples:\n"
        "  FLOWMEND_TEAMS_DEV=1 flowmend serve      a Teams client on this machine\n"
        "  FLOWMEND_HTTP_TOKEN=secret FLOWMEND_HTTP_REPLY_URL=http://127.0.0.1:8080/replies \\\n"
        "      flowmend serve"
    )


def run(_: argparse.Namespace) -> int:
    """See `Command.run`."""
    give_back()
    settings = read()
    book = library(settings, waits=True)
    book.prepare()
    codec.prepare()
    gc.freeze()
    asyncio.run(serve(settings, book))
    return 0
