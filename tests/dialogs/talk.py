"""A conversation with the engine alone, one event after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from dialogs.engine import advance
from dialogs.events import Chose, Event, Origin, Said
from dialogs.library import Library
from dialogs.replies import Ask, Effect, Reply, Say, Settle
from dialogs.state import Idle, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = Origin(platform="test", conversation="test:t:1", user="test:ann", tenant="t")


class Talk:
    """Keeps the state, what was said last, and all effects so far."""

    def __init__(self, book: Library, state: State | None = None, language: str = "") -> None:
        self.book = book
        self.state: State = state or Idle()
        self.origin = Origin(
            platform="test", conversation="test:t:1", user="test:ann", language=language
        )
        self.at = NOON
        self.replies: Sequence[Reply] = ()
        self.effects: list[Effect] = []
        self.asked: list[Ask] = []
        self._count = 0

    def hear(self, kind: Callable[..., Event], **fields: object) -> Talk:
        """Let an event of this `kind` happen."""
        self._count += 1
        self.at += timedelta(minutes=1)
        event = kind(id=f"test:{self._count}", at=self.at, origin=self.origin, **fields)
        step = advance(self.state, event, self.book)
        self.state, self.replies = step.state, step.replies
        self.effects += step.effects
        self.asked += [reply for reply in step.replies if isinstance(reply, Ask)]
        return self

    def say(self, text: str, **fields: object) -> Talk:
        """Let the person write."""
        return self.hear(Said, text=text, **fields)

    def press(self, choice: str, token: str | None = None) -> Talk:
        """Let the person press a button of the last question, or of the one with `token`."""
        return self.hear(Chose, token=token or self.asked[-1].token, choice=choice)

    def wait(self, **span: float) -> Talk:
        """Let time go by."""
        self.at += timedelta(**span)
        return self

    @property
    def ask(self) -> Ask:
        """The question that was asked by the last event."""
        return next(reply for reply in self.replies if isinstance(reply, Ask))

    @property
    def text(self) -> str:
        """All words of the last answer."""
        return "\n".join(
            line for reply in self.replies if isinstance(reply, Say) for line in reply.text
        )

    @property
    def settled(self) -> list[tuple[str, str]]:
        """What the last event put to rest: token and answer."""
        return [(it.token, it.answer) for it in self.replies if isinstance(it, Settle)]

    @property
    def choices(self) -> list[str]:
        """The ids of the buttons of the last answer."""
        return [choice.id for choice in self.ask.choices]
