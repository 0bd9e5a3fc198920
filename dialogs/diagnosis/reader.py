"""Everything that a text may show, from all playbooks and look-alikes, ready to be searched for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.diagnosis.codes import CodeBook
from dialogs.diagnosis.language import Languages
from dialogs.diagnosis.lexicon import BadPatternError, Classes, Lexicon, parse
from dialogs.diagnosis.matching import Element, Found, Index, Pattern
from dialogs.diagnosis.model import Who
from dialogs.diagnosis.page import Page
from dialogs.diagnosis.spans import Span
from dialogs.diagnosis.statuses import Statuses
from dialogs.diagnosis.weights import CONTEXT
from dialogs.playbook import Signs

GENERAL = ("sign-in-again", "not-permitted")
"""Causes that stand when nothing more specific is known: of a 401 and of a 403."""

Vocabulary = Mapping[str, Classes]
"""`vocabulary.toml` as it is read: `classes`, `statuses`, `languages`."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a cause or a look-alike brings to the reading."""

    id: str
    signs: Signs
    who: tuple[Who, ...] = ()
    statuses: tuple[int, ...] = ()
    wraps: bool = False
    """True for what stands around a failure without being one: a 400, a 502."""
    about: bool = False
    """True for a way of talking: a question, a task, a solved case."""
    failure: bool = True
    """False for a look-alike."""


class BadSignError(BadPatternError):
    """A sign of a cause or look-alike is not written in the notation."""

    def __init__(self, source: str, key: str, error: BadPatternError) -> None:
        """Take the id of the file, the key in it, and what is wrong there."""
        super().__init__(f"{source}.toml: {key}: {error}")
        self.source, self.key, self.error = source, key, error


class Sign(NamedTuple):
    """What one span means."""

    source: str
    strength: int
    """4: a named code. 3: machine wording. 2: a person says it outright. 1: only a hint."""
    feature: str
    """What it counts as among `weights.WEIGHTS`."""

    @classmethod
    def of(cls, source: Source, strength: int) -> Sign:
        """Return what a sign of `source` with this `strength` is."""
        if source.about:
            feature = f"{source.id}-{'strong' if strength > 2 else 'weak'}"
        elif not source.failure:
            feature = {4: "other-code", 3: "other-machine"}.get(strength, "other-words")
        elif strength in (4, 1):
            feature = "code" if strength == 4 else "hint"
        else:
            kind = "general" if source.id in GENERAL else "specific"
            feature = f"{'machine' if strength == 3 else 'words'}-{kind}"
        return cls(source.id, strength, feature)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a page: which words stand where, and which signs they make."""

    sources: Mapping[str, Source]
    codes: CodeBook
    coded: Mapping[str, Sign]
    """What a named code of each source means."""
    lexicon: Lexicon
    index: Index[Sign]
    statuses: Statuses
    languages: Languages
    wrapped: frozenset[int]
    """Statuses that only wrap the failure inside."""
    circumstances: Sequence[tuple[str, int, Element]]
    """The classes that count when one of their words is there: as a bit of the choices, and as
    what their places are found by."""
    others: int
    """The bit of the systems whose sign-in this bot knows no page of."""
    homes: int
    """The bit of those that it knows."""

    @classmethod
    def of(cls, sources: Sequence[Source], vocabulary: Vocabulary) -> Reader:
        """Compile all signs. Raises `BadSignError`."""
        lexicon, classes = Lexicon(), vocabulary["classes"]
        patterns = [p for source in sources for p in _compile(source, lexicon, classes)]
        bits = {name: lexicon.bit(name, classes) for name in classes}
        return cls(
            sources={source.id: source for source in sources},
            codes=CodeBook.of({source.id: source.signs.codes for source in sources}),
            coded={source.id: Sign.of(source, 4) for source in sources},
            lexicon=lexicon,
            index=Index.of(patterns, lexicon.members, list(lexicon.words)),
            statuses=Statuses.of(vocabulary["statuses"]),
            wrapped=frozenset(n for source in sources if source.wraps for n in source.statuses),
            circumstances=[(name, bits[name], ~(bits[name].bit_length() - 1)) for name in CONTEXT],
            others=bits["other-systems"],
            homes=bits["home-systems"],
            languages=Languages.of(vocabulary["languages"]),
        )

    def words(self, page: Page) -> Found:
        """Return where the known words stand in `page`."""
        return self.lexicon.read(page)

    def signs(self, found: Found, page: Page) -> Iterator[tuple[Span, Sign]]:
        """Yield the first place of every sign in `page`."""
        return self.index.search(found, page)

    def is_elsewhere(self, found: Found) -> bool:
        """Tell whether a system is named whose sign-in this bot knows no page of."""
        return bool(found.choices & self.others) and not found.choices & self.homes


def _compile(source: Source, lexicon: Lexicon, classes: Classes) -> Iterator[tuple[Pattern, Sign]]:
    levels = (("texts", 3), ("words", 2), ("hints", 1))
    for level, strength in levels:
        sign = Sign.of(source, strength)
        by_language: dict[str, list[str]] = getattr(source.signs, level)
        for language, patterns in by_language.items():
            for text in patterns:
                try:
                    yield parse(text, lexicon, classes), sign
                except BadPatternError as error:
                    raise BadSignError(source.id, f"signs.{level}.{language}", error) from None
