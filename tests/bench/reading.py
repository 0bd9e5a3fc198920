"""How fast messages are read, and that no text makes it slow."""

from __future__ import annotations

import re
import statistics
from time import process_time

from bot.content import library
from bot.reading import read_text
from bot.settings import Settings
from dialogs.library import Library
from tests.bench import hostile
from tests.bench.mix import texts
from tests.bench.report import best, row

LITERAL = re.compile(r"unauthorized|401|403", re.IGNORECASE)
"""The rule of the article: what the bot is better than, and is measured beside."""
SMALL, LARGE = 20_000, 200_000


def measure(scale: float) -> None:
    """Print how fast the diagnosis is."""
    book = library(Settings(), "en")
    _corpus(book, scale)
    _long_texts(book, scale)


def _corpus(book: Library, scale: float) -> None:
    """Messages a second over the corpus, beside the literal rule in the same run."""
    every = texts()
    some = every[: max(20, round(len(every) * scale))]
    rounds = max(1, round(5 * scale))
    seconds = best(rounds, lambda: [read_text(text, book) for text in some], process_time)
    literal = best(rounds, lambda: [LITERAL.search(text) for text in some], process_time)
    row("corpus", f"{len(some)} messages, {statistics.mean(map(len, some)):.0f} characters each")
    row("diagnose", f"{len(some) / seconds:,.0f} messages/s on one core (aim 5,000)")
    row("the article's rule", f"{len(some) / literal:,.0f} messages/s; {seconds / literal:,.0f} x")


def _long_texts(book: Library, scale: float) -> None:
    """How the cost grows from 20 kB to 200 kB of each hostile text."""
    small, large = (max(200, round(size * scale)) for size in (SMALL, LARGE))
    measured = hostile.measure(lambda text: read_text(text, book), process_time, small, large)
    for kind, (short, long) in measured.items():
        figures = f"{short * 1000:.1f} ms -> {long * 1000:.1f} ms: {long / short:.1f} x (aim 12)"
        row(f"hostile: {kind}", figures)
