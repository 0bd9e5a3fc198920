"""`flowmend chat`: the bot in this terminal."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress

from adapters.console.interrupted import Interrupted
from bot.chat import chat
from bot.content import language, library
from bot.errors import UserError
from bot.settings import read

_LONGEST_NAME = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("--plain", action="store_true", help="lines without colours, for programs")
    parser.add_argument("--language", metavar="XX", help="spoken until you write in another one")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.add_argument(
        "--conversation", metavar="NAME", default="default", help="which one to go on with"
    )
    parser.epilog = (
        "The conversation goes on where it stood. Ctrl-D leaves it.\n\n"
        "--plain reads one message a line. Every line of an answer begins 'bot: ', an empty line\n"
        "ends a turn, and a number or the words of a choice pick it.\n\n"
        "examples:\n"
        "  flowmend chat\n"
        '  echo "my flow failed: 401 Unauthorized" | flowmend chat --plain --conversation demo'
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read({"database": args.database})
    speaks = language(settings, args.language)
    name = args.conversation
    if not (name.isprintable() and name.strip() and len(name) <= _LONGEST_NAME):
        raise UserError(f"--conversation: give it 1 to {_LONGEST_NAME} printable characters")
    book = library(settings)
    talk = chat(settings, book, conversation=name, language=speaks, plain=args.plain)
    try:
        return asyncio.run(_until_told_to_end(talk))
    except Interrupted:
        raise KeyboardInterrupt from None


async def _until_told_to_end(talk: Coroutine[None, None, None]) -> int:
    """Return 0 when `talk` has ended, and the shell's number for SIGTERM when that ended it.

    Leaving in order gives the terminal back as it was: a prompt has it in a mode of its own.
    """
    talking = asyncio.ensure_future(talk)
    told = False

    def end() -> None:
        nonlocal told
        told = True
        talking.cancel()

    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    try:
        await talking
    except asyncio.CancelledError:
        if not told:
            raise
        return 128 + signal.SIGTERM
    return 0
