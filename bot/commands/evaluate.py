"""`flowmend evaluate`: labelled messages in, figures and misses out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adapters.console.render import printable
from bot.commands.scoring import Judged, Scores, by_language, score
from bot.content import library
from bot.errors import UserError
from bot.reading import read_text
from bot.settings import read
from dialogs.library import Library

_LABELS = {"auth": True, "not_auth": False}
_LONG = 200
"""Messages from which on a terminal shows how far it is."""
_SHOWN = 70
"""Characters of a missed message that are shown."""
_HEAD = ("", "messages", "precision", "recall", "F1", "cause (found)", "cause (all)")

Step = Callable[[], None]
Row = dict[str, Any]


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("file", metavar="FILE", help="JSONL: text, label, cause, lang; - is stdin")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.epilog = (
        "label is 'auth' or 'not_auth'; cause is the right cause or null; lang is optional.\n"
        "'cause (found)' counts the right causes among the auth failures that were found,\n"
        "'cause (all)' among all of them.\n\n"
        "example:\n  flowmend evaluate tests/corpus/plain.jsonl"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    rows = list(_rows(args.file))
    book = library(read(), "en")
    with _progress(len(rows)) as step:
        judged = [_judge(line, row, book, step) for line, row in rows]
    if args.json:
        print(json.dumps(_report(judged), ensure_ascii=False))
        return 0
    _print_table(judged)
    _print_misses([one for one in judged if not one.right])
    return 0


def _rows(name: str) -> Iterator[tuple[int, Row]]:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}") from None
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            yield number, _row(line, f"{name}:{number}")


def _row(line: bytes, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UserError(f"{where}: no JSON: {error}") from None
    if not isinstance(row, dict):
        raise UserError(f"{where}: no JSON object")
    if not isinstance(row.get("text"), str):
        raise UserError(f"{where}: text: is missing, or no text")
    if row.get("label") not in _LABELS:
        raise UserError(f"{where}: label: must be 'auth' or 'not_auth'")
    if not isinstance(row.get("cause"), str | None):
        raise UserError(f"{where}: cause: must be the id of a cause, or null")
    return row


def _judge(line: int, row: Row, book: Library, step: Step) -> Judged:
    said = read_text(row["text"], book)
    step()
    return Judged(
        line=line,
        text=row["text"],
        language=printable(str(row.get("lang") or "?")),
        auth=_LABELS[row["label"]],
        cause=row.get("cause"),
        said_auth=said.auth_failure,
        said_cause=said.cause,
        said_kind=said.kind,
    )


def _progress(total: int) -> AbstractContextManager[Step]:
    if total <= _LONG or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    return _bar(total)


@contextmanager
def _bar(total: int) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=total)
        yield lambda: progress.advance(task)


def _report(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "total": asdict(score(judged)),
        "languages": {lang: asdict(scores) for lang, scores in by_language(judged).items()},
        "misses": [
            {
                "line": one.line,
                "expected": _name(one.auth, one.cause, None),
                "got": _name(one.said_auth, one.said_cause, one.said_kind),
                "text": one.text,
            }
            for one in judged
            if not one.right
        ],
    }


def _print_table(judged: Sequence[Judged]) -> None:
    print("{:<8}{:>9}{:>11}{:>8}{:>8}{:>15}{:>13}".format(*_HEAD))
    for language, scores in by_language(judged).items():
        _print_scores(language, scores)
    _print_scores("total", score(judged))


def _print_scores(name: str, scores: Scores) -> None:
    ratios = [
        "-" if ratio is None else f"{ratio:.3f}"
        for ratio in (
            scores.precision, scores.recall, scores.f1, scores.cause_of_found, scores.cause_of_all,
        )
    ]  # fmt: skip
    print("{:<8}{:>9}{:>11}{:>8}{:>8}{:>15}{:>13}".format(name, scores.messages, *ratios))


def _print_misses(missed: Sequence[Judged]) -> None:
    print(f"\n{len(missed)} missed{':' if missed else ''}")
    for one in missed:
        expected = _name(one.auth, one.cause, None)
        got = _name(one.said_auth, one.said_cause, one.said_kind)
        start = printable(" ".join(one.text.split()))[:_SHOWN]
        print(f"  line {one.line}: expected {expected}, got {got}: {start}")


def _name(auth: bool, cause: str | None, kind: str | None) -> str:
    what = cause if auth else kind
    return ("auth" if auth else "not_auth") + (f" ({what})" if what else "")
