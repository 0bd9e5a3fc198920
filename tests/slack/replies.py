"""Everything that the bot says in any transcript, and more of everything than fits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bot.content import library
from bot.settings import Settings
from dialogs.replies import Ask, Choice, Field, Link, Reply, Row, Say, Settle
from tests.transcripts.play import FOLDER, Scene, play, shown

_LONG = "<&>*_~`:x: **b** " * 900

EXTREMES: tuple[Reply, ...] = (
    Say(text=()),
    Say(text=("",), quote="", facts=("",)),
    Say(text=(_LONG,) * 80, quote=_LONG * 3, facts=(_LONG,) * 40, facts_title=_LONG),
    Say(text=("x",), links=tuple(Link(_LONG, f"https://example.com/{n}") for n in range(60))),
    Say(text=("x",), links=(Link("x", f"https://example.com/{'y' * 4000}"),)),
    Say(text=("x",), facts=("one",), facts_title=""),
    Ask(text=("x",) * 60, token="t", choices=tuple(Choice(f"c{n}", _LONG) for n in range(60))),
    Ask(text=(), token="t", choices=()),
    Ask(text=("x",), token="FM-1/assign", choices=(), field=Field(_LONG, "y", person=True)),
    Say(
        text=("x",), rows=(Row("Who", "Lee", calls="slack:U4"), Row("Who", "Kim", calls="teams:k"))
    ),
    Settle(token="t", answer=_LONG, by="slack:U1"),
    Settle(token="t", answer="x", by="console:ann", asked=Ask(text=(), token="t", choices=())),
)


@cache
def of_transcripts() -> tuple[Reply, ...]:
    """Return what the bot says in the transcripts, each thing once; cards settled as well."""
    book = library(Settings(database="sqlite:///unused"))
    said: dict[Reply, None] = {}

    def hear(reply: Reply) -> Iterator[str]:
        said.setdefault(reply)
        return shown(reply)

    for file in sorted(FOLDER.glob("*.txt")):
        play(file.read_text("utf-8").splitlines(), Scene(book, show=hear))
    asked = [reply for reply in said if isinstance(reply, Ask)]
    settled = (Settle(token=it.token, answer="Done", by="slack:U1", asked=it) for it in asked)
    return (*said, *settled)
