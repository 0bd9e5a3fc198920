"""`flowmend check`: is the content whole, and what does each language lack?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from bot.commands.linting import Finding, lint, lint_connectors, lint_help, lint_signs
from bot.content import OURS, language, library
from bot.settings import Settings, read
from dialogs.library import ENGLISH, Library

_CLEAN, _FINDINGS = 0, 1
_TRANSCRIPTS = OURS.parent / "tests" / "transcripts"
"""There in a checkout only."""
_SPOKEN_THROUGH = (ENGLISH, "ko")
"""Languages in which every ending of every playbook has a transcript."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("--language", metavar="XX", help="only this language")
    parser.epilog = (
        "Ends with 0 when all is well, with 1 when something is to be put right, and with 2 when\n"
        "the content cannot be used at all.\n\n"
        "example:\n  flowmend check --language ko"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read()
    if args.language:
        language(settings, args.language)
    book = library(settings)
    wanted = (args.language,) if args.language else tuple(book.words)
    findings = [*_findings(book, wanted, settings)]
    for finding in findings:
        print(f"{finding.where}: {finding.what}")
    checked = f"{len(book.causes)} causes, {len(book.kinds)} look-alikes, {', '.join(wanted)}"
    print(f"{len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'} in {checked}")
    return _FINDINGS if findings else _CLEAN


def _findings(book: Library, wanted: tuple[str, ...], settings: Settings) -> Iterator[Finding]:
    yield from lint_signs(book)
    yield from lint_connectors(book)
    if settings.playbooks is None:
        yield from lint_help(book)  # a deployer's own pages stand where the deployer wants
    for lang in wanted:
        yield from lint(book, lang)
        if settings.playbooks is None and lang in _SPOKEN_THROUGH and _TRANSCRIPTS.is_dir():
            yield from _untold(book, lang, _TRANSCRIPTS)


def _untold(book: Library, lang: str, folder: Path) -> Iterator[Finding]:
    """Yield the endings that no transcript leads to."""
    told = {path.stem for path in folder.glob("**/*.txt")}
    for cause in book.causes:
        for ending in ("fixed", "person"):
            name = f"{cause}.{ending}.{lang}"
            if name not in told:
                yield Finding(f"tests/transcripts/{name}.txt", "is missing")
