"""What the content linter finds beyond what the loader refuses: a library in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogs.diagnosis.connectors import CONNECTORS
from dialogs.library import ENGLISH, Library
from dialogs.playbook import ANY, OTHER_ONE, LookAlike, Playbook
from dialogs.words import names

_LONGEST_LABEL = 40
"""Platforms cut longer buttons."""
_HELP = re.compile(r"https://learn\.microsoft\.com/(?!\w\w-\w\w/)")
_ADDRESS = re.compile(r"https?://|www\.")
_UNWANTED: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:simply|just|obviously|sorry|apologi[sz]e|unfortunately)\b|!", re.I),
    "ko": re.compile(r"(?:습니다|합니다|십시오)(?![가-힣])|죄송|당신|!"),
}
"""Words that are not in the bot's voice: apologies, blame, "it is easy"; in Korean, other forms."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to put right."""

    where: str
    """"ko/password-changed: steps.check.say"."""
    what: str


def lint(library: Library, language: str) -> Iterator[Finding]:
    """Yield what is wrong in the words of `language`."""
    if language not in library.languages:
        yield Finding(
            f"{language}/_words: name", "is missing; until then nobody is spoken to in it"
        )
    for gap in library.gaps.get(language, ()):
        yield Finding(f"{language}/{gap}", "is missing; English stands in for it")
    english = dict(_texts(library, ENGLISH))
    for path, text in _texts(library, language):
        for what in _faults(path, text, english.get(path, text), language):
            yield Finding(f"{language}/{path}", what)
    words = library.words[language]
    for table, labels in (("labels", words.labels), ("links", words.links)):
        for key, label in labels.items():
            if len(label) > _LONGEST_LABEL:
                what = f"{len(label)} characters; platforms show {_LONGEST_LABEL}"
                yield Finding(f"{language}/_words: {table}.{key}", what)


def lint_signs(library: Library) -> Iterator[Finding]:
    """Yield codes that two causes claim, and help pages that are not Microsoft's."""
    owner: dict[str, str] = {}
    for name, model in _models(library, ENGLISH):
        for code in model.signs.codes:
            first = owner.setdefault(code.lower(), name)
            if first != name:
                yield Finding(f"{name}: signs.codes", f"{code} belongs to {first} already")


def lint_connectors(library: Library) -> Iterator[Finding]:
    """Yield connectors that the portal has not under this name: what is said of them is never
    read.
    """
    known = {row.name for row in CONNECTORS} | {ANY, OTHER_ONE}
    for cause, book in library.playbooks[ENGLISH].items():
        named = {f"by_connector.{name}": "|".join(it) for name, it in book.by_connector.items()}
        for key, connectors in {"connectors": "|".join(book.connectors), **named}.items():
            for connector in sorted({*connectors.split("|")} - known - {""}):
                yield Finding(f"{cause}: {key}", f"no connector is called '{connector}'")


def lint_help(library: Library) -> Iterator[Finding]:
    """Yield help pages that stand elsewhere than Microsoft's documentation."""
    for name, model in _models(library, ENGLISH):
        if model.help and not _HELP.match(model.help):
            yield Finding(
                f"{name}: help", f"{model.help} is no neutral page of learn.microsoft.com"
            )


def _models(library: Library, language: str) -> Iterator[tuple[str, Playbook | LookAlike]]:
    yield from library.playbooks[language].items()
    yield from library.lookalikes[language].items()


def _texts(library: Library, language: str) -> Iterator[tuple[str, str]]:
    """Yield "file: key" and words of every text."""
    for cause, book in library.playbooks[language].items():
        yield f"{cause}: title", book.title
        yield f"{cause}: verdict", book.verdict
        yield f"{cause}: fix", book.fix
        yield f"{cause}: settle", book.settle or ""
        for name, step in book.steps.items():
            yield f"{cause}: steps.{name}.say", step.say
            yield f"{cause}: steps.{name}.send", step.send or ""
        for name, label in book.labels.items():
            yield f"{cause}: labels.{name}", label
        for name, words in book.by_connector.items():
            for connector, text in words.items():
                yield f"{cause}: by_connector.{name}.{connector}", text
    for kind, lookalike in library.lookalikes[language].items():
        yield f"{kind}: title", lookalike.title
        yield f"{kind}: says", lookalike.says
    for name, phrase in library.words[language].phrases.items():
        yield f"_words: phrases.{name}", phrase


def _faults(path: str, text: str, english: str, language: str) -> Iterator[str]:
    lacking = sorted(names(english) - names(text))
    if lacking:
        yield f"lacks {', '.join(f'{{{name}}}' for name in lacking)}, which English has"
    if text.count("**") % 2:
        yield "a ** has no partner"
    if _ADDRESS.search(text) and not path.endswith(".send"):  # may name an id that looks like one
        yield "holds an address; links are built, or stand in 'help'"
    if text != text.strip() and "\n" not in text:
        yield "begins or ends with a space"
    unwanted = _UNWANTED.get(language)
    found = unwanted.search(text) if unwanted else None
    if found:
        yield f"'{found[0]}' is not how the bot speaks"
