"""`flowmend explain`: what one code means, who can fix it, and the steps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bot.codes import find
from bot.commands.showing import show_links, show_verdict, strong
from bot.content import language, library
from bot.settings import read
from dialogs import found
from dialogs.diagnosis.model import Diagnosis
from dialogs.playbook import Playbook
from dialogs.voice import Voice
from dialogs.words import fill, fill_message

_KNOWN, _UNKNOWN = 0, 1


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
        print(f"'{' '.join(args.code.split())}': no such code is known here")
        return _UNKNOWN
    if not (known.cause or known.kind):
        print(f"{known.codes[0]}: no such code is known here; look it up at {known.links['error']}")
        return _UNKNOWN
    voice = Voice(book, speaks)
    for line in _explanation(voice, known, ansi=sys.stdout.isatty()):
        print(line)
    return _KNOWN


def _explanation(voice: Voice, known: Diagnosis, *, ansi: bool) -> Iterator[str]:
    yield from show_verdict(voice, known, ansi=ansi)
    if known.cause:
        words = voice.book.words[voice.language].pack
        yield f"{words['who']}: {', '.join(words[f'who-{one}'] for one in known.who)}"
        yield ""
        yield from _steps(voice.book.playbook(known.cause, voice.language), known, ansi=ansi)
        yield ""
    yield from show_links(voice, known)


def _steps(playbook: Playbook, known: Diagnosis, *, ansi: bool) -> Iterator[str]:
    for number, name in enumerate(playbook.main_path(), 1):
        step = playbook.steps[name]
        yield f"{number}. {strong(fill(step.say, found.in_sentences(known, playbook)), ansi=ansi)}"
        if step.send:
            for line in fill_message(step.send, found.in_messages(known, playbook)).split("\n"):
                yield f"   | {line}"
