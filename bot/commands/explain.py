"""`flowmend explain`: what one code means, who can fix it, and the steps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bot.commands.showing import show_links, show_verdict, strong
from bot.content import language, library
from bot.reading import said
from bot.settings import read
from dialogs import found
from dialogs.diagnosis.model import Diagnosis
from dialogs.diagnosis.page import lay_out
from dialogs.diagnosis.reading import cause_of_status
from dialogs.library import Library
from dialogs.playbook import CATCH_ALL, Playbook
from dialogs.turn import Turn
from dialogs.words import fill, fill_message

_KNOWN, _UNKNOWN = 0, 1
_LOOK_UP = "https://login.microsoftonline.com/error?code="


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("code", metavar="CODE", help="as it stands in the error text")
    parser.add_argument("--language", metavar="XX", help="the language to say it in")
    parser.epilog = (
        "Ends with 0 for a code that is known, with 1 for one that is not.\n\n"
        "examples:\n  flowmend explain AADSTS50173\n  flowmend explain 403 --language ko"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read()
    speaks = language(settings, args.language)
    book = library(settings, speaks)
    known = find(args.code, book)
    if known is None:
        print(f"'{args.code}': no such code is known here")
        return _UNKNOWN
    if not (known.cause or known.kind):
        print(f"{known.codes[0]}: no such code is known here; look it up at {known.links['error']}")
        return _UNKNOWN
    turn = Turn(said(args.code), book, speaks)
    for line in _explanation(turn, known, ansi=sys.stdout.isatty()):
        print(line)
    return _KNOWN


def find(code: str, book: Library) -> Diagnosis | None:
    """Return what `code` alone says; without a cause or kind it is an AADSTS number nobody knows.

    None when it is no code.
    """
    code = code.strip()
    if code.isascii() and code.isdigit() and len(code) == 3:
        return _status(int(code), book)
    first = next(iter(book.reader.codes.find(lay_out(code))), None)
    if first is None:
        return None
    number = first.name.removeprefix("AADSTS")
    links = {"error": f"{_LOOK_UP}{number}"} if number != first.name else {}
    source = first.source or _worded(first.name, book)
    return _said(first.name, source, book, links=links, codes=(first.name,))


def _worded(code: str, book: Library) -> str | None:
    """Return the cause of a code that is only a sign among others: it often wraps a better one."""
    cause = book.diagnose(code).cause
    return None if cause == CATCH_ALL else cause


def _status(number: int, book: Library) -> Diagnosis | None:
    source = cause_of_status(number) or next(
        (kind for kind in book.kinds if number in book.lookalike(kind, "en").statuses), None
    )
    return _said(str(number), source, book, http_status=number) if source else None


def _said(
    text: str,
    source: str | None,
    book: Library,
    *,
    links: dict[str, str] | None = None,
    codes: tuple[str, ...] = (),
    http_status: int | None = None,
) -> Diagnosis:
    cause = source if source in book.causes else None
    return Diagnosis(
        text=text,
        auth_failure=source is None or cause is not None,
        confidence="certain",
        cause=cause,
        kind=None if cause else source,
        who=tuple(book.playbook(cause, "en").who) if cause else (),
        codes=codes,
        http_status=http_status,
        links=links or {},
    )


def _explanation(turn: Turn, known: Diagnosis, *, ansi: bool) -> Iterator[str]:
    yield from show_verdict(turn, known, ansi=ansi)
    if known.cause:
        words = turn.book.words[turn.language].pack
        yield f"{words['who']}: {', '.join(words[f'who-{one}'] for one in known.who)}"
        yield ""
        yield from _steps(turn.book.playbook(known.cause, turn.language), known, ansi=ansi)
        yield ""
    yield from show_links(turn, known)


def _steps(playbook: Playbook, known: Diagnosis, *, ansi: bool) -> Iterator[str]:
    for number, name in enumerate(playbook.main_path(), 1):
        step = playbook.steps[name]
        yield f"{number}. {strong(fill(step.say, found.in_sentences(known)), ansi=ansi)}"
        if step.send:
            for line in fill_message(step.send, found.in_messages(known)).split("\n"):
                yield f"   | {line}"
