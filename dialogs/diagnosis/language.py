"""Which language the person writes, told from their own words and not from what they pasted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from dialogs.diagnosis.page import COVER, Page

_PASTED = (
    ("{", re.compile(r"\{[^{}]{0,4000}\}?")),
    ("aadsts", re.compile(r"aadsts\d[^\n]{0,2000}")),
    ('"', re.compile(r"\"[^\"\n]{0,2000}\"")),
    ("'", re.compile(r"(?<![a-z])'[^'\n]{2,400}'(?![a-z])")),
    ("`", re.compile(r"`[^`]{0,4000}`")),
    ("「", re.compile(r"「[^」\n]{0,400}」")),
    ("«", re.compile(r"«[^»\n]{0,400}»")),
    ("„", re.compile(r"„[^\"“”\n]{0,400}[\"“”]")),
    ("\n>", re.compile(r"\n>[^\n]{0,1000}")),
    (" at ", re.compile(r"\n\s+at [^\n]{0,400}")),
    ("<", re.compile(r"<[a-z!/][^<>]{0,400}>")),
)
"""Shapes of pasted text, each with a piece that must be there for the search to start."""

_HANGUL = re.compile("[\uac00-\ud7a3]+")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z\u00df-\u024f']+")
_ENOUGH = 2
"""Telling words that settle a language."""
_FAR = 2000
"""Characters that are looked at; people say who they are early."""

_TELLING: Mapping[str, str] = {
    "de": "ich mein meine meinem meinen nicht und der das ist wir uns unser unsere mit bei beim seit "
    "kann hat habe haben wird werden wurde sich auf für auch noch nach vom zum zur einen eine aber "
    "keine kein mehr immer jetzt warum wie bitte hallo danke guten heute gestern geht läuft steht "
    "sagt dem den des im wenn schon alle nur weil dann jemand hilfe",
    "fr": "je mon ma mes le la les des du une est pas et nous notre nos vous avec pour dans sur depuis "
    "qui que ne plus j'ai c'est n'ai mais ce cette ces il elle on au aux sont quand comment pourquoi "
    "de en se bonjour merci salut aide quelqu'un toujours fait dit sans par ça ou son sa ses leur",
    "es": "el los las mi mis nuestro nuestra que con por para desde cuando pero una uno del está están "
    "estoy se me nos muy ya qué cómo por porqué hola gracias ayuda alguien hoy ayer siempre dice y es "
    "de la le en se al lo su sus sin hay tengo tiene puedo hace también ahora esta este",
    "pt": "o os as meu minha meus minhas nosso nossa que com por para desde quando mas uma um do da dos "
    "de das está estão estou não se me nos muito já como porque olá oi obrigado obrigada ajuda alguém "
    "hoje ontem sempre diz e é ao na no nas tenho tem posso faz também agora esta este isso",
    "en": "i i'm i've i'd my we our us me you your hi hello hey thanks please anyone somebody why how what "
    "since yesterday today it's it is the a an and but when with from after this that not can't "
    "don't doesn't won't keeps got getting tried says was were have has had do does did on for of to "
    "he she they as his her their there which who any all so if only just every",
}
_PERSON = frozenset(
    "i i'm i've i'd my we our us me hi hello hey thanks anyone somebody why how what since yesterday "
    "today keeps tried says can't don't doesn't won't he she help".split()
)
"""English words that a machine does not use of itself."""


def _tellers() -> dict[str, tuple[str, ...]]:
    """Map each telling word, with and without its accents, to the languages it tells of."""
    plain = str.maketrans("äöüßàâçèéêëîïôùûáíóúñãõ", "aousaaceeeeiiouuaiounao")
    found: dict[str, set[str]] = {}
    for language, words in _TELLING.items():
        for word in words.split():
            found.setdefault(word.translate(plain), set()).add(language)
    return {word: tuple(sorted(languages)) for word, languages in found.items()}


_TELLERS = _tellers()


def find_language(page: Page) -> str | None:
    """Return the language of the person's own words in `page`; None when there are too few."""
    own = page.low
    for needle, shape in _PASTED:
        if needle in own:
            own = shape.sub(" ", own)
    own = own.replace(COVER, " ")
    return _asian(own) or _latin(own)


def _is_english(text: str) -> bool:
    """Tell whether a person wrote English around a foreign label."""
    return len(_PERSON.intersection(_WORD.findall(text[:_FAR]))) > _ENOUGH


def _asian(text: str) -> str | None:
    if text.isascii() or _is_english(text):
        return None
    hangul = sum(map(len, _HANGUL.findall(text)))
    kana = len(_KANA.findall(text))
    han = len(_HAN.findall(text))
    if hangul >= _ENOUGH and hangul >= kana + han:
        return "ko"
    if kana and kana + han >= _ENOUGH:
        return "ja"
    return "zh" if han >= _ENOUGH else None


def _latin(text: str) -> str | None:
    words = set(_WORD.findall(text[:_FAR]))
    told = _TELLERS.keys() & words
    counts: Counter[str] = Counter()
    for word in told:
        languages = _TELLERS[word]
        for language in languages:
            # A word that several languages share tells little of each.
            counts[language] += 6 // len(languages)
    english = counts.pop("en", 0)
    best = max(counts, key=lambda language: counts[language], default=None)
    if best and counts[best] >= 6 * _ENOUGH and 2 * counts[best] >= english:
        return best
    return "en" if words & _PERSON or english > 6 * _ENOUGH else None
