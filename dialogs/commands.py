"""What a person typed in place of a press: an answer, a command, a number; in every language.

Only a whole message is a command. Its case, spaces, punctuation and courtesies do not matter.
The words stand in `_words.toml`, in rows of places:

    go|one? back     "back", "go back", "one back"
    go_on            two words in one place
    option? #        "option 2", "2"
    speak in? @      "speak Korean", "speak in English"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dialogs.words import Words

LONGEST = 80
"""Characters; nobody types a longer command."""
_COURTESIES = 3
"""At either end; more is no command any more."""
_APOSTROPHE = re.compile("['\u2019`\u00b4]")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a short message may mean; empty when it is none of our words."""

    names: tuple[str, ...] = ()
    """Answers and commands, the likeliest first: "it works" may be "done" or "fixed"."""
    number: int | None = None
    """Which of the choices, counted from one."""
    language: str = ""
    """The language that "speak Korean" asks for; it may be one that nobody here speaks."""


@dataclass(frozen=True, slots=True)
class Commands:
    """All that can be typed, ready to be compared."""

    forms: Mapping[str, re.Pattern[str]]
    languages: Mapping[str, str]
    """What a language is called, in the compared form -> the language."""
    ordinals: Mapping[str, int] = field(default_factory=dict)
    """"first" -> 1, in the compared form."""
    around: str = ""
    """The courtesies that may stand at either end, as a pattern."""
    _labels: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False)
    """The forms of labels, which are few and asked for at every turn."""

    @classmethod
    def of(cls, words: Iterable[Words]) -> Commands:
        """Return the commands of all languages together."""
        spoken = tuple(words)
        called = {
            bare(name): language
            for one in spoken
            for language, others in one.languages.items()
            for name in others
        }
        courtesies = _either(bare(word) for one in spoken for word in one.fillers)
        ordinals = {bare(word): n for one in spoken for n, word in enumerate(one.ordinals, 1)}
        numbers = "|".join(filter(None, (r"\d{1,2}", _either(ordinals))))
        slots = {"#": f"({numbers})", "@": f"({_either(called)})"}
        around = f"(?:{courtesies}){{0,{_COURTESIES}}}" if courtesies else ""
        rows: dict[str, list[str]] = {}
        for one in spoken:
            for name, forms in one.typed.items():
                rows.setdefault(name, []).extend(_row(form, slots) for form in forms)
        compiled = {
            name: re.compile(f"{around}(?:{'|'.join(parts)}){around}")
            for name, parts in rows.items()
        }
        return cls(forms=compiled, languages=called, ordinals=ordinals, around=around)

    def says(self, text: str, label: str) -> bool:
        """Tell whether `text` is `label`, give or take courtesies."""
        if len(text.strip()) > LONGEST:
            return False
        form = self._labels.get(label)
        if form is None:
            words = re.escape(bare(label)) or "(?!)"
            form = self._labels[label] = re.compile(f"{self.around}{words}{self.around}")
        return form.fullmatch(bare(text)) is not None

    def read(self, text: str) -> Typed:
        """Return what `text` may mean as a whole."""
        if len(text.strip()) > LONGEST:
            return Typed()
        said = bare(text)
        if not said:
            return Typed()
        found = {
            name: match for name, form in self.forms.items() if (match := form.fullmatch(said))
        }
        return Typed(
            names=tuple(name for name in found if name not in ("number", "language")),
            number=next(map(self._number, _caught(found.get("number"))), None),
            language=next((self.languages[n] for n in _caught(found.get("language"))), ""),
        )

    def _number(self, word: str) -> int:
        return self.ordinals[word] if word in self.ordinals else int(word)


@lru_cache(maxsize=256)
def bare(text: str) -> str:
    """Return `text` as it is compared: no case, spaces, punctuation, or marks."""
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _BETWEEN.sub("", plain)


def _row(form: str, slots: Mapping[str, str]) -> str:
    return "".join(_place(place, slots) for place in form.split())


def _place(place: str, slots: Mapping[str, str]) -> str:
    optional = place.endswith("?")
    words = (slots.get(word) or re.escape(bare(word)) for word in place.rstrip("?").split("|"))
    return f"(?:{'|'.join(words)})" + "?" * optional


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def _caught(match: re.Match[str] | None) -> Iterator[str]:
    return (group for group in match.groups() if group) if match else iter(())
