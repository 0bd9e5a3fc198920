"""Everything that a text may show, from all playbooks and look-alikes, ready to be searched for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dialogs.diagnosis.codes import CodeBook
from dialogs.diagnosis.language import Languages
from dialogs.diagnosis.lexicon import BadPatternError, Classes, Lexicon, parse
from dialogs.diagnosis.matching import Found, Index, Pattern, Span
from dialogs.diagnosis.model import Who
from dialogs.diagnosis.page import Page
from dialogs.diagnosis.statuses import Statuses
from dialogs.diagnosis.weights import CONTEXT
from dialogs.playbook import Signs

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


@dataclass(frozen=True, slots=True)
class Sign:
    """What one span means."""

    source: str
    strength: int
    """4: a named code. 3: machine wording. 2: a person says it outright. 1: only a hint."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a page: which words stand where, and which signs they make."""

    sources: Mapping[str, Source]
    codes: CodeBook
    lexicon: Lexicon
    index: Index[Sign]
    statuses: Statuses
    languages: Languages
    wrapped: frozenset[int]
    """Statuses that only wrap the failure inside."""
    circumstances: Sequence[tuple[str, int]]
    """The classes that count when one of their words is there, each with its element."""

    @classmethod
    def of(cls, sources: Sequence[Source], vocabulary: Vocabulary) -> Reader:
        """Compile all signs. Raises `BadPatternError` naming the file's id and the key."""
        lexicon, classes = Lexicon(), vocabulary["classes"]
        patterns = [p for source in sources for p in _compile(source, lexicon, classes)]
        circumstances = [(name, lexicon.number(f"<{name}>", classes)) for name in CONTEXT]
        for name in classes:
            lexicon.number(f"<{name}>", classes)
        return cls(
            sources={source.id: source for source in sources},
            codes=CodeBook.of({source.id: source.signs.codes for source in sources}),
            lexicon=lexicon,
            index=Index.of(patterns, lexicon.weight),
            statuses=Statuses.of(vocabulary["statuses"]),
            wrapped=frozenset(n for source in sources if source.wraps for n in source.statuses),
            circumstances=circumstances,
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
        elements, present = self.lexicon.elements, found.present
        return elements["<other-systems>"] in present and elements["<home-systems>"] not in present


def _compile(source: Source, lexicon: Lexicon, classes: Classes) -> Iterator[tuple[Pattern, Sign]]:
    levels = (("texts", 3), ("words", 2), ("hints", 1))
    for level, strength in levels:
        by_language: dict[str, list[str]] = getattr(source.signs, level)
        for language, patterns in by_language.items():
            for text in patterns:
                try:
                    yield parse(text, lexicon, classes), Sign(source.id, strength)
                except BadPatternError as error:
                    where = f"{source.id}.toml: signs.{level}.{language}"
                    raise BadPatternError(f"{where}: {error}") from None
