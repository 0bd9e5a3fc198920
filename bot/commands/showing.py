"""A diagnosis in words, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.underline import underline, visible
from dialogs import found
from dialogs.diagnosis.model import Diagnosis
from dialogs.voice import Voice
from dialogs.words import fill

_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"


def show(diagnosis: Diagnosis, voice: Voice, *, cut: bool, ansi: bool) -> Iterator[str]:
    """Yield the lines that tell `diagnosis`: verdict, who, evidence, links, and the reasons.

    `cut` when the text was longer than is read.
    """
    yield from show_verdict(voice, diagnosis, ansi=ansi)
    if cut:
        yield strong(voice.phrase("cut"), ansi=ansi)
    if diagnosis.secrets:
        yield strong(voice.book.hidden(diagnosis.secrets, voice.language), ansi=ansi)
    facts = found.facts(diagnosis, voice.book, voice.language)
    if facts:
        yield visible(f"{voice.phrase('facts')}: {' · '.join(facts)}")
    yield from show_links(voice, diagnosis)
    if diagnosis.text.strip():
        yield ""
        spans = [(reason.start, reason.end) for reason in diagnosis.why]
        for line in underline(diagnosis.text, spans, ansi=ansi):
            yield f"  {line}".rstrip()


def show_verdict(voice: Voice, diagnosis: Diagnosis, *, ansi: bool) -> Iterator[str]:
    """Yield what is broken and who can fix it, or what it is instead."""
    for paragraph in _verdict(voice, diagnosis):
        yield strong(paragraph, ansi=ansi)


def show_links(voice: Voice, diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the pages that could be built, and the one that helps."""
    links = dict(diagnosis.links)
    if diagnosis.cause:
        links["help"] = voice.book.playbook(diagnosis.cause, voice.language).help
    elif diagnosis.kind:
        page = voice.book.lookalike(diagnosis.kind, voice.language).help
        links |= {"help": page} if page else {}
    for kind, address in links.items():
        yield f"{voice.book.words[voice.language].links[kind]}: {address}"


def strong(text: str, *, ansi: bool) -> str:
    """Return `text` with its `**strong**` words strong, or as the others."""
    pieces = text.split("**")
    if len(pieces) % 2 == 0 or not ansi:
        return "".join(pieces)
    return "".join(f"{_BOLD}{it}{_PLAIN}" if at % 2 else it for at, it in enumerate(pieces))


def _verdict(voice: Voice, diagnosis: Diagnosis) -> tuple[str, ...]:
    if diagnosis.cause:
        return voice.verdict(diagnosis)
    if diagnosis.auth_failure:
        return (voice.phrase("clarify"), voice.phrase("clarify-settle"))
    if diagnosis.kind:
        other = voice.book.lookalike(diagnosis.kind, voice.language)
        return (fill(other.says, found.in_sentences(diagnosis)),)
    return (voice.phrase("send"),)
