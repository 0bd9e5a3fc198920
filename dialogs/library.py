"""All playbooks, look-alikes and words in all languages: read once, checked whole, then frozen.

The one module of the conversation that reads files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dialogs.assembly import COMMON, WORDS, Assembly, Files
from dialogs.content import BadContent, File, Raw, leaves
from dialogs.diagnosis.page import fold
from dialogs.playbook import OWN_CHOICES, LookAlike, Playbook
from dialogs.words import Words, fill

if TYPE_CHECKING:
    from dialogs.commands import Commands
    from dialogs.diagnosis.model import Diagnosis
    from dialogs.diagnosis.reader import Reader
    from dialogs.hours import Hours
    from dialogs.ticket.desks import Desk

__all__ = ["ENGLISH", "BadContent", "Library", "Policy", "load"]

ENGLISH = "en"
"""The language that is complete; others are laid over it."""

_HERE = Path(__file__).parent
_FOLDERS = ("playbooks", "lookalikes", "locales")
_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,39}}|{COMMON}|{WORDS}")
_LANGUAGE = re.compile(r"[a-z]{2}")

_Roots = Sequence[tuple[Path, str]]
"""Folders of content, each with how it is shown; a later one lies over an earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a deployer decides about the conversation."""

    language: str = ENGLISH
    """Spoken where nothing tells the person's own."""
    contact: str | None = None
    """How to reach people when no ticket can be opened, ready to show."""
    remind_after: timedelta | None = None
    """How long an open question waits before it is asked again; None: for ever."""
    close_after: timedelta | None = None
    """How long the person may be silent before the bot stops waiting; longer than the other."""
    desks: tuple[Desk, ...] = ()
    """Desk channels of the settings."""
    administrators: frozenset[str] = frozenset()
    """Who may make a channel a desk, as in `Origin.user`."""
    hours: Hours | None = None
    """When people are there; None: always."""
    claim_after: timedelta | None = None
    """How long a ticket waits in its channel for somebody to take it; None: for ever."""
    answer_after: timedelta | None = None
    """How long experts wait for the requester, once before they ask and once more after."""
    reopen_within: timedelta = timedelta(days=7)
    """How long a solved ticket can be opened again."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """Everything the bot knows and says."""

    playbooks: Mapping[str, Mapping[str, Playbook]]
    """Language -> cause -> playbook; every language has every cause."""
    lookalikes: Mapping[str, Mapping[str, LookAlike]]
    words: Mapping[str, Words]
    gaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Language -> "file: key" of each text that it lacks, and English stands in for."""
    policy: Policy = Policy()
    files: Files = field(default_factory=dict)
    """The files of each cause and look-alike, the deployer's last."""

    @property
    def causes(self) -> tuple[str, ...]:
        """All causes."""
        return tuple(self.playbooks[ENGLISH])

    @property
    def kinds(self) -> tuple[str, ...]:
        """All look-alikes."""
        return tuple(self.lookalikes[ENGLISH])

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages that are spoken, English first; one that is laid out has a name first."""
        return tuple(language for language, words in self.words.items() if words.name != language)

    def playbook(self, cause: str, language: str) -> Playbook:
        """Return the playbook of `cause`; raises `KeyError` when there is none."""
        return self.playbooks[self._spoken(language)][cause]

    def lookalike(self, kind: str, language: str) -> LookAlike:
        """Return the look-alike `kind`; raises `KeyError` when there is none."""
        return self.lookalikes[self._spoken(language)][kind]

    def phrase(self, name: str, language: str, **values: str | int) -> str:
        """Return one of the bot's own phrases with `values` in their places."""
        text = self.words[self._spoken(language)].phrases[name]
        return fill(text, {key: str(value) for key, value in values.items()})

    def desk_phrase(self, name: str, language: str, **values: str | int) -> str:
        """Return one of the phrases for experts with `values` in their places."""
        text = self.words[self._spoken(language)].desk[name]
        return fill(text, {key: str(value) for key, value in values.items()})

    def hidden(self, kinds: Iterable[str], language: str) -> str:
        """Return what somebody hears from whose message secrets of these `kinds` were hidden."""
        named = self.words[self._spoken(language)].secrets
        secrets = dict.fromkeys(named.get(kind, named["other"]) for kind in kinds)
        return self.phrase("secrets", language, secrets=", ".join(secrets))

    def label(self, choice: str, language: str, playbook: Playbook | None = None) -> str:
        """Return what stands on the button `choice`, which may be `playbook`'s own."""
        own = playbook.labels.get(choice) if playbook else None
        return own or self.words[self._spoken(language)].labels[choice]

    @cached_property
    def reader(self) -> Reader:
        """What diagnosis reads with. Raises `BadContent` when a sign is not in the notation."""
        from dialogs.diagnosis.reader import BadSignError, Reader, Source

        causes = [
            Source(cause, book.signs, who=tuple(book.who))
            for cause, book in self.playbooks[ENGLISH].items()
        ]
        others = [
            Source(
                kind,
                it.signs,
                statuses=tuple(it.statuses),
                wraps=it.wraps,
                about=it.about,
                failure=False,
            )
            for kind, it in self.lookalikes[ENGLISH].items()
        ]
        try:
            return Reader.of(causes + others, _vocabulary())
        except BadSignError as bad:
            file = self._file_of(bad.source, bad.key)
            raise BadContent(f"{file}: {bad.key}: {bad.error}") from None

    @cached_property
    def commands(self) -> Commands:
        """What people type in place of a press, in every language at once."""
        from dialogs.commands import Commands

        return Commands.of(self.words.values())

    def under(self, policy: Policy) -> Library:
        """Return the same content under another policy; what was compiled stays compiled."""
        other = replace(self, policy=policy)
        made = ("reader", "commands")
        other.__dict__.update({name: it for name, it in self.__dict__.items() if name in made})
        return other

    def is_doubted(self, text: str) -> bool:
        """Tell whether good news in `text` is asked for, hoped for, or taken back in part."""
        return self._doubts.search(fold(text)) is not None

    @cached_property
    def _doubts(self) -> re.Pattern[str]:
        words = sorted({fold(word) for spoken in self.words.values() for word in spoken.doubts})
        whole = "|".join(re.escape(word) for word in words if word.isascii())
        inside = [re.escape(word) for word in words if not word.isascii()]
        return re.compile("|".join(["[?？]", *([rf"\b(?:{whole})\b"] if whole else []), *inside]))

    def prepare(self) -> None:
        """Make now what would otherwise be made when it is first needed."""
        _ = self.reader, self.commands, self._doubts

    def diagnose(self, text: str, secrets: tuple[str, ...] = ()) -> Diagnosis:
        """Return the verdict on `text`, which has been through `intake`."""
        from dialogs.diagnosis.diagnose import diagnose

        return diagnose(text, self.reader, secrets)

    def language_of(self, text: str) -> str | None:
        """Return the language of a person's words; None when they are too few to tell."""
        from dialogs.diagnosis.page import lay_out

        return self.reader.languages.find(lay_out(text))

    def _file_of(self, id: str, key: str) -> str:
        """Return the file that `key` was read from."""
        files = self.files[id]
        return next(it.name for it in reversed(files) if key in dict(leaves(it.raw)))

    def _spoken(self, language: str) -> str:
        return language if language in self.words else ENGLISH


def load(
    overlay: Path | None = None,
    languages: Sequence[str] | None = None,
    policy: Policy | None = None,
) -> Library:
    """Read our content and lay the folder `overlay` over it, key by key.

    `languages` (all when None) keeps the files of the others closed; English is always there.
    Raises `BadContent` with file and key when anything is wrong.
    """
    roots = [(_HERE, _HERE.name)]
    if overlay is not None:
        _check_overlay(overlay)
        roots.append((overlay, str(overlay)))
    policy = policy or Policy()
    spoken = _spoken(roots, languages, policy)
    assembly = Assembly(
        playbooks=_folder(roots, "playbooks"),
        lookalikes=_folder(roots, "lookalikes"),
        locales={lang: _folder(roots, f"locales/{lang}") for lang in spoken if lang != ENGLISH},
    )
    _check_files(assembly)
    library = Library(
        playbooks={lang: assembly.playbooks_in(lang) for lang in spoken},
        lookalikes={lang: assembly.lookalikes_in(lang) for lang in spoken},
        words={lang: assembly.words_in(lang) for lang in spoken},
        gaps={lang: tuple(assembly.gaps_in(lang)) for lang in assembly.locales},
        policy=policy,
        files={**assembly.playbooks, **assembly.lookalikes},
    )
    _check_names(library, assembly)
    return library


def _spoken(roots: _Roots, wanted: Sequence[str] | None, policy: Policy) -> list[str]:
    """Return the languages to read, English first."""
    found = {
        folder.name
        for root, _ in roots
        for folder in sorted((root / "locales").glob("*/"))
        if _LANGUAGE.fullmatch(folder.name)
    }
    there = [ENGLISH, *sorted(found - {ENGLISH})]
    for language in (*(wanted or ()), policy.language):
        if language not in there:
            raise BadContent(f"no language '{language}': there are {', '.join(there)}")
    return [lang for lang in there if wanted is None or lang in {*wanted, ENGLISH}]


def _folder(roots: _Roots, below: str) -> dict[str, list[File]]:
    """Return the content files of one folder, each with all its layers."""
    found: dict[str, list[File]] = {}
    for root, shown in roots:
        for path in sorted((root / below).glob("*.toml")):
            name = f"{shown}/{below}/{path.name}"
            if not _NAME.fullmatch(path.stem):
                raise BadContent(f"{name}: a file is named in small letters, digits and hyphens")
            found.setdefault(path.stem, []).append(File(name, _read(path, name)))
    return found


def _read(path: Path, name: str) -> Raw:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors put a mark before it
    except RecursionError:
        raise BadContent(f"{name}: nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{name}: {error}") from None
    except UnicodeDecodeError as error:
        raise BadContent(f"{name}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise BadContent(f"{name}: {error.strerror}") from None


def _check_overlay(overlay: Path) -> None:
    if not overlay.is_dir():
        raise BadContent(f"{overlay}: there is no such folder")
    for entry in _entries(overlay):
        if (entry.is_dir() and entry.name not in _FOLDERS) or entry.suffix.lower() == ".toml":
            raise BadContent(f"{entry}: content stands in {', '.join(_FOLDERS)}")
    languages = _entries(overlay / "locales")
    for entry in languages:
        if not (entry.is_dir() and _LANGUAGE.fullmatch(entry.name)):
            raise BadContent(f"{entry}: a language is a folder of two small letters, as ko")
    for folder in (overlay / "playbooks", overlay / "lookalikes", *languages):
        for entry in _entries(folder):
            if entry.suffix != ".toml" or entry.is_dir():
                raise BadContent(f"{entry}: a file of content ends in .toml")


def _entries(folder: Path) -> list[Path]:
    """Return what stands in `folder`, but for what is hidden and what explains it to people."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [it for it in found if not it.name.startswith((".", "README"))]


def _check_files(assembly: Assembly) -> None:
    """Raise `BadContent` for a file whose name is no cause or look-alike, or is both."""
    for name, files in assembly.lookalikes.items():
        if name in assembly.playbooks:
            raise BadContent(f"{files[-1].name}: a cause has this name already")
    for file in assembly.strangers():
        raise BadContent(f"{file.name}: there is no playbook or look-alike of this name")


def _check_names(library: Library, assembly: Assembly) -> None:
    """Raise `BadContent` for a name that one file uses and no file explains."""
    labels = library.words[ENGLISH].labels
    for cause, playbook in library.playbooks[ENGLISH].items():
        file = assembly.playbooks[cause][-1].name
        if cause in OWN_CHOICES:
            raise BadContent(f"{file}: '{cause}' is an answer and cannot be a cause")
        for other in playbook.related:
            if other == cause or other not in library.causes:
                raise BadContent(f"{file}: related: '{other}' is no other cause")
        for other in playbook.signs.over:
            if other == cause or other not in library.causes:
                raise BadContent(f"{file}: signs.over: '{other}' is no other cause")
        for name, step in playbook.steps.items():
            for choice in step.choices:
                if choice not in playbook.labels and choice not in labels:
                    key = f"steps.{name}.choices.{choice}"
                    raise BadContent(f"{file}: {key}: labels has no words for '{choice}'")


def _vocabulary() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the words that the signs of all files share."""
    file = _HERE / "diagnosis" / "vocabulary.toml"
    vocabulary: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text("utf-8"))
    return vocabulary
