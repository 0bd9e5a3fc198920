"""One event, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from dialogs.events import Event, Fetched, Said, Words
from dialogs.replies import Effect, Reply, Say
from dialogs.state import State
from dialogs.voice import Voice


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one event."""

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn(Voice):
    """An event with all that is needed to answer it."""

    event: Event
    with_people: bool = False
    """Whether what comes is for people, who have the case or are about to."""

    @property
    def token(self) -> str:
        """The token of the one question that this turn may ask."""
        return blake2b(self.event.id.encode("utf-8", "replace"), digest_size=8).hexdigest()

    @property
    def words(self) -> str:
        """What the person wrote; "" when they pressed or people answered."""
        match self.event:
            case Fetched(name=name, text=text) if name and self.with_people:
                return f"{name}\n{text.strip()}"
            case Words(text=text):
                return text.strip()
            case _:
                return ""

    def say(self, *paragraphs: str) -> Say:
        """Return words without a question."""
        return Say(text=(*paragraphs, *self.asides()))

    def asides(self) -> tuple[str, ...]:
        """Return what is to be said about the message itself, whatever it was about."""
        if not isinstance(self.event, Words):
            return ()
        asides = []
        if self.event.cut:
            asides.append(self.phrase("cut"))
        asides += self._about_files()
        if self.event.secrets:
            asides.append(self.book.hidden(self.event.secrets, self.language))
        return tuple(asides)

    def _about_files(self) -> Iterator[str]:
        """Yield what is to be said of pictures and files: people see what the bot cannot."""
        files = self.event.files if isinstance(self.event, Said) else ()
        kinds = [file.kind for file in files]
        pictures = self.event.pictures if isinstance(self.event, Words) else 0
        if self.with_people and "picture" in kinds:
            yield self.phrase("picture-passed")
        elif pictures and self.words:
            yield self.phrase("picture-too")
        if not self.with_people and "other" in kinds and self.words:
            yield self.phrase("file-too")
