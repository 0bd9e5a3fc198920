"""A diagnosis in words, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.underline import underline, visible
from dialogs import found
from dialogs.cards import verdict
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import Said
from dialogs.library import ENGLISH, Library
from dialogs.turn import Turn
from dialogs.words import fill

_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"


def show(
    said: Said, diagnosis: Diagnosis, book: Library, language: str, *, ansi: bool
) -> Iterator[str]:
    """Yield the lines that tell `diagnosis`: verdict, who, evidence, links, and the reasons."""
    turn = Turn(said, book, language if language in book.languages else ENGLISH)
    yield from show_verdict(turn, diagnosis, ansi=ansi)
    for aside in turn.asides():
        yield strong(aside, ansi=ansi)
    facts = found.facts(diagnosis, book, turn.language)
    if facts:
        yield visible(f"{turn.phrase('facts')}: {' · '.join(facts)}")
    yield from show_links(turn, diagnosis)
    if diagnosis.text.strip():
        yield ""
        spans = [(reason.start, reason.end) for reason in diagnosis.why]
        for line in underline(diagnosis.text, spans, ansi=ansi):
            yield f"  {line}".rstrip()


def show_verdict(turn: Turn, diagnosis: Diagnosis, *, ansi: bool) -> Iterator[str]:
    """Yield what is broken and who can fix it, or what it is instead."""
    for paragraph in _verdict(turn, diagnosis):
        yield strong(paragraph, ansi=ansi)


def show_links(turn: Turn, diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the pages that could be built, and the one that helps."""
    links = dict(diagnosis.links)
    if diagnosis.cause:
        links["help"] = turn.book.playbook(diagnosis.cause, turn.language).help
    elif diagnosis.kind:
        page = turn.book.lookalike(diagnosis.kind, turn.language).help
        links |= {"help": page} if page else {}
    for kind, address in links.items():
        yield f"{turn.book.words[turn.language].links[kind]}: {address}"


def strong(text: str, *, ansi: bool) -> str:
    """Return `text` with its `**strong**` words strong, or as the others."""
    pieces = text.split("**")
    if len(pieces) % 2 == 0 or not ansi:
        return "".join(pieces)
    return "".join(f"{_BOLD}{it}{_PLAIN}" if at % 2 else it for at, it in enumerate(pieces))


def _verdict(turn: Turn, diagnosis: Diagnosis) -> tuple[str, ...]:
    if diagnosis.cause:
        return verdict(turn, diagnosis)
    if diagnosis.auth_failure:
        return (turn.phrase("clarify"), turn.phrase("clarify-settle"))
    if diagnosis.kind:
        other = turn.book.lookalike(diagnosis.kind, turn.language)
        return (fill(other.says, found.in_sentences(diagnosis)),)
    return (turn.phrase("send"),)
