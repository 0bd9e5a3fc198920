"""`flowmend`: finds the command, runs it, and says in one line what went wrong."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn, Protocol, TextIO, cast

from bot.errors import UserError

COMMANDS = {
    "chat": "talk to the bot in this terminal",
    "serve": "run the bot as a service",
    "diagnose": "tell what is wrong in one message, or in many",
    "evaluate": "measure the diagnosis against labelled messages",
    "explain": "tell what an error code means and who can fix it",
    "check": "check all content, and list what a language lacks",
    "add-language": "lay out the files of a new language",
    "tickets": "list, show, claim, assign, answer, move, resolve or reopen what was handed over",
    "manifest": "pack what a chat platform needs to install the bot",
    "migrate": "make the tables that this version needs",
    "outbox": "show what waits to be delivered, send again or drop what failed",
    "audit": "tell who did what, when",
    "purge": "delete what is old, and keep the counts",
    "forget": "delete everything of one person",
    "backup": "copy the database while it is in use",
}

_WRONG_USE, _BUG, _INTERRUPTED, _NOBODY_READS = 2, 70, 130, 141


class Parser(argparse.ArgumentParser):
    """Complains as everything here does, in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise `UserError`."""
        raise UserError(f"{message} ('{self.prog} --help' shows how it is used)")


class Command(Protocol):
    """What each module of `bot.commands` has."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments and an example."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it; return the exit code. Raises `UserError`."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv`, the process's own arguments when None; return the exit code."""
    gc.disable()  # until the content is read: looking for garbage takes a tenth of the start
    _leave_at_once_when_interrupted()
    _fill_gaps()
    _set_up(sys.stdout)
    _set_up(sys.stderr)
    try:
        code = _run(sys.argv[1:] if argv is None else list(argv))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _NOBODY_READS
    except UserError as error:
        return _complain(str(error), _WRONG_USE)
    except OSError as error:  # the disk that the output goes to is full, and its like
        _drop_output()
        return _complain(f"{error.strerror or error}", _WRONG_USE)
    except Exception as error:  # the outermost edge: nobody should have to read a traceback
        if sys.flags.dev_mode:
            raise
        said = f"a bug, please report it: {type(error).__name__}: {error}"
        return _complain(f"{said} (python -X dev -m bot ... shows where)", _BUG)


def _run(argv: list[str]) -> int:
    parser = Parser(
        prog="flowmend",
        description="Tells why a flow may not sign in, who can fix it, and how.",
        epilog="'flowmend COMMAND --help' shows each command with an example.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="show the version")
    chosen = next((word for word in argv if not word.startswith("-")), None)
    command = _add_commands(parser, chosen)
    args = parser.parse_args(argv)
    if args.version:
        from importlib.metadata import version

        print(f"flowmend {version('flowmend')}")
        return 0
    if command is None:
        parser.print_help()
        return 0
    return command.run(args)


def _add_commands(parser: Parser, chosen: str | None) -> Command | None:
    """Make every command known by name; import the chosen one alone, and return it."""
    subparsers = parser.add_subparsers(metavar="COMMAND", title="commands", dest="command")
    command: Command | None = None
    for name, about in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == chosen:
            command = cast(Command, import_module(f"bot.commands.{name.replace('-', '_')}"))
            command.configure(subparser)
    if signal.getsignal(signal.SIGINT) is _leave_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return command


def _leave_at_once_when_interrupted() -> None:
    """Nothing is under way while modules are imported.

    `KeyboardInterrupt` in the middle of an import may be swallowed, or come out as another error.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave_at_once)


def _leave_at_once(signum: int, frame: object) -> None:
    os._exit(_INTERRUPTED)


def _fill_gaps() -> None:
    """Open what is closed: its number would go to the next file, the database perhaps."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _set_up(stream: TextIO) -> None:
    """Pipes and files get UTF-8; a terminal gets what it can show, and never an error."""
    if isinstance(stream, TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")


def _complain(what: str, code: int) -> int:
    line = " ".join(what.split())
    print(f"flowmend: {line}", file=sys.stderr)
    return code


def _drop_output() -> None:
    """Let the flush at exit go nowhere: whoever read us has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
