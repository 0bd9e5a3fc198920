"""How a text speaks of a failure: whether it is told or asked about, and in what kind of text.

Whoever has a failure tells it of themselves; one that is only spoken about stands among plans,
pages, papers and code. None of this depends on a word of a sign-in, so it holds for texts and
causes that nobody has thought of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dialogs.diagnosis.matching import Element, Found
from dialogs.diagnosis.page import Page
from dialogs.diagnosis.spans import Span
from dialogs.diagnosis.weights import MOST, TALK

LONG = 8
"""From so many sentences on a text is long: it may name much that it is not about."""
SHORT = 72
"""So many bytes at most has a text of a few words; letters of Asia have three each."""
_EVIDENCE = ("code", "machine-specific", "machine-general", "status-named")
"""What a machine says of a failure; all else is a person's words."""
_OTHER = ("other-code", "other-machine", "other-status")
"""What a machine says of another failure."""
_EXPLAINED = (
    *_OTHER, "other-words", "question-strong", "question-weak", "work-item-strong",
    "work-item-weak", "solved-strong", "solved-weak", "asks", *TALK[1:],
)  # fmt: skip
"""What tells that words are no report of a failure, or of another one; all but the speaker."""
_TROUBLE = ("fail", "cannot", "refuse", "shown")
"""Classes of words that say that something goes wrong at all, or what message came up."""


def ways_of_talking(
    found: Found, page: Page, circumstances: Sequence[tuple[str, int, Element]]
) -> dict[str, int]:
    """Return in how many sentences each class of `weights.CONTEXT` is met, up to `weights.MOST`."""
    return {
        name: _sentences(found[element], page, MOST[name]) if name in MOST else 1
        for name, choice, element in circumstances
        if found.choices & choice
    }


def _sentences(places: Sequence[Span], page: Page, most: int) -> int:
    if len(places) == 1:
        return 1
    numbers: set[int] = set()
    for start, _ in places:
        numbers.add(page.sentence(start))
        if len(numbers) == most:
            break
    return len(numbers)


def is_terse(counts: Mapping[str, int], page: Page) -> bool:
    """Tell whether a text is a few words in which nothing explains away what they name.

    Who addresses a bot for failures with "SharePoint 403" has one.
    """
    return (
        len(page.low.strip().encode()) <= SHORT
        and len(page.breaks) < 2
        and not any(name in counts for name in _EXPLAINED)
    )


def place(
    named: Sequence[int], about: Sequence[int], counts: Mapping[str, int], page: Page
) -> Iterator[str]:
    """Yield what the places say that name a failure, and those that tell what a text is about.

    `named` and `about` are where they begin; `counts` is what was read so far.
    """
    if about and page.sentence(min(about)) == 0:
        yield "title"
    if not named:
        return
    proof = sum(counts.get(name, 0) for name in _EVIDENCE)
    if proof > 1:
        yield "borne-out"
    elif not proof:
        yield from _of_words(named, counts, page)


def _of_words(named: Sequence[int], counts: Mapping[str, int], page: Page) -> Iterator[str]:
    """Yield what weakens a failure that only a person's words name."""
    trouble = any(name in counts for name in _TROUBLE)
    if not trouble and all(_is_question(page, page.sentence(at)) for at in named):
        yield "asked"
    if is_terse(counts, page):
        yield "terse"
    elif not trouble:
        yield "calm"
    if any(name in counts for name in _OTHER):
        yield "outdone"
    if len(page.breaks) >= LONG:
        yield "long-words-only"


def _is_question(page: Page, number: int) -> bool:
    return number < len(page.breaks) and page.low[page.breaks[number]] in "?？"
