"""Content files put together: each playbook, look-alike and set of words in each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from dialogs.content import (
    BadContent,
    File,
    Raw,
    build,
    leaves,
    stack,
    table,
    texts,
    translate,
    with_common,
)
from dialogs.playbook import LookAlike, Playbook
from dialogs.words import Words, names

COMMON, WORDS = "_common", "_words"
"""Files beside the playbooks: the steps that they share, and the bot's own words."""

_LAID = ("phrases", "labels", "links", "secrets", "pack", "desk")
"""The tables of `Words` that a language lays over English; the others are its own."""

Files = Mapping[str, Sequence[File]]
"""Name of a content file -> its layers: ours, then the deployer's."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """All content files, as they were read."""

    playbooks: Files
    """English: one a cause, and the two that playbooks share."""
    lookalikes: Files
    locales: Mapping[str, Files]
    """Language -> its files, named as the English ones."""

    def playbooks_in(self, language: str) -> dict[str, Playbook]:
        """Return cause -> playbook in `language`."""
        translate(self._common(), self._said(COMMON, language))
        return {cause: self._playbook(cause, language) for cause in self._causes()}

    def lookalikes_in(self, language: str) -> dict[str, LookAlike]:
        """Return kind -> look-alike in `language`."""
        found = {}
        for kind, files in self.lookalikes.items():
            said = self._said(kind, language)
            raw = translate(_stacked(files), said)
            found[kind] = build(LookAlike, raw, [*reversed(said), *reversed(files)])
        return found

    def words_in(self, language: str) -> Words:
        """Return the bot's own words in `language`, in English where it has none."""
        english = self.playbooks[WORDS]
        said = self._said(WORDS, language)
        _check_words(english[0].raw, english[1:])
        _check_words(_stacked(english), said)
        raw = _stacked(english)
        if language in self.locales:
            under = {key: raw[key] for key in (*_LAID, "months") if key in raw}
            raw = stack(under, {"name": language}, _stacked(said))
        return build(Words, raw, [*reversed(said), *reversed(english)])

    def gaps_in(self, language: str) -> Iterator[str]:
        """Yield "file: key" of each English text that `language` has no words for."""
        words = _stacked(self.playbooks[WORDS])
        spoken = {key: words[key] for key in (*_LAID, "typed") if key in words}
        yield from self._lacking(WORDS, language, [path for path, _ in leaves(spoken)])
        yield from self._lacking(COMMON, language, _keys(self._common()))
        for cause in self._causes():
            raw, shared = self._english(cause)
            steps = {name: step for name, step in raw["steps"].items() if name not in shared}
            yield from self._lacking(cause, language, _keys({**raw, "steps": steps}))
        for kind, files in self.lookalikes.items():
            yield from self._lacking(kind, language, _keys(_stacked(files)))

    def strangers(self) -> Iterator[File]:
        """Yield every file of a language that has no English one."""
        for files in self.locales.values():
            for name in files.keys() - self.playbooks.keys() - self.lookalikes.keys():
                yield files[name][-1]

    def _causes(self) -> list[str]:
        return [name for name in self.playbooks if name not in (COMMON, WORDS)]

    def _said(self, name: str, language: str) -> Sequence[File]:
        return self.locales.get(language, {}).get(name, ())

    def _common(self) -> Raw:
        return _stacked(self.playbooks.get(COMMON, ()))

    def _english(self, cause: str) -> tuple[Raw, Set[str]]:
        own, *over = self.playbooks[cause]
        return with_common(own.raw, table(self._common(), "steps"), _stacked(over))

    def _playbook(self, cause: str, language: str) -> Playbook:
        raw, shared = self._english(cause)
        common = [_only(file, shared) for file in self._said(COMMON, language)]
        said = [*common, *self._said(cause, language)]
        english = [*self.playbooks.get(COMMON, ()), *self.playbooks[cause]]
        return build(Playbook, translate(raw, said), [*reversed(said), *reversed(english)])

    def _lacking(self, name: str, language: str, wanted: Iterable[str]) -> Iterator[str]:
        there = dict(leaves(_stacked(self._said(name, language))))
        return (f"{name}: {path}" for path in wanted if path not in there)


def _stacked(files: Iterable[File]) -> Raw:
    return stack(*(file.raw for file in files))


def _only(file: File, steps: Set[str]) -> File:
    kept = {name: step for name, step in table(file.raw, "steps").items() if name in steps}
    return File(file.name, {"steps": kept})


def _keys(raw: Raw) -> list[str]:
    """Return the texts that a language should have; a help page may stay English."""
    return [path for path, _ in texts(raw) if path != "help"]


def _check_words(english: Raw, files: Sequence[File]) -> None:
    """Raise `BadContent` for a phrase nobody says, or a placeholder that nobody fills."""
    for file in files:
        for part in _LAID:
            known = table(english, part)
            for key, text in table(file.raw, part).items():
                if key not in known and part != "labels":
                    raise BadContent(f"{file.name}: {part}.{key}: there is no such text in English")
                if unknown := names(str(text)) - names(str(known.get(key, ""))):
                    places = ", ".join(f"{{{name}}}" for name in sorted(unknown))
                    raise BadContent(f"{file.name}: {part}.{key}: unknown placeholder {places}")
