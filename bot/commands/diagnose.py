"""`flowmend diagnose`: one text, or a stream of them, in; verdicts out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import BinaryIO

from bot.commands.answer import answer, failure
from bot.content import languages, library
from bot.errors import UserError
from bot.reading import read_message, read_text
from bot.settings import read
from dialogs.library import ENGLISH, Library
from dialogs.voice import Voice

_CLEAN, _BROKEN_LINES = 0, 2


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("text", metavar="TEXT", nargs="?", help="the message; - is standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object instead of words")
    form.add_argument(
        "--jsonl", action="store_true", help='many: {"id", "text"} a line in, one answer a line out'
    )
    parser.epilog = (
        'A line of --jsonl that cannot be read is answered in its place with {"id", "error"}, the\n'
        "rest goes on, and the exit code is 2 at the end. Blank lines are passed over.\n\n"
        "examples:\n"
        '  flowmend diagnose "my flow failed: 401 Unauthorized"\n'
        "  pbpaste | flowmend diagnose - --json\n"
        "  flowmend diagnose --jsonl < messages.jsonl > answers.jsonl"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read()
    if args.jsonl:
        if args.text not in (None, "-"):
            raise UserError("--jsonl reads standard input; leave the text out")
        return _stream(_stdin(), library(settings, ENGLISH))
    text = _text(args.text)
    book = library(settings, ENGLISH)
    diagnosis, cut = read_message(text, book)
    if args.json:
        print(answer(diagnosis))
        return _CLEAN
    from bot.commands.showing import show

    language = diagnosis.language
    if language not in languages(settings):
        language = settings.language
    if language not in book.languages:
        book = library(settings, language)
    voice = Voice(book, language if language in book.languages else ENGLISH)
    for line in show(diagnosis, voice, cut=cut, ansi=sys.stdout.isatty()):
        print(line)
    return _CLEAN


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UserError("standard input is closed")
    return sys.stdin.buffer


def _text(given: str | None) -> str:
    if given not in (None, "-"):
        return given
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        raise UserError("what is the message? Give it as an argument, or - and type it")
    return _stdin().read().decode("utf-8", "replace")


def _stream(lines: Iterable[bytes], book: Library) -> int:
    """Answer each line before the next is read, so that both ends can be people."""
    broken: list[int] = []
    out = sys.stdout
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        id, text, error = _parsed(line)
        if error:
            broken.append(number)
        out.write(f"{failure(id, error) if error else answer(read_text(text, book), id)}\n")
        out.flush()
    if not broken:
        return _CLEAN
    said = f"{len(broken)} of the lines could not be read; the first is line {broken[0]}"
    print(f"flowmend: {said}", file=sys.stderr)
    return _BROKEN_LINES


def _parsed(line: bytes) -> tuple[object, str, str]:
    """Return id, text and what is wrong, "" when nothing is."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, "", f"no JSON: {error}"
    if not isinstance(row, dict):
        return None, "", "no JSON object"
    if not isinstance(row.get("text"), str):
        return row.get("id"), "", "text: is missing, or no text"
    return row.get("id"), row["text"], ""
