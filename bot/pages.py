"""What is shown beside the conversations: a person's open cases, how a case stands, a code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.base import TryLater
from adapters.pages import OpenCase
from bot.codes import find
from bot.storage import Known, Person, StorageError, Store
from dialogs import found
from dialogs.events import Origin
from dialogs.library import ENGLISH, Library
from dialogs.naming import ticket_name
from dialogs.replies import Link, Say
from dialogs.state import Fixed, Forgetting, Guiding, HandedOver, HandingOver, Idle, Lapsed, State
from dialogs.voice import Voice
from dialogs.words import fill

_NEWEST = 50
"""Conversations of one person that are looked through for open cases."""
_LATER = 5.0
"""Seconds until it is worth asking again when the store is away."""


@dataclass(frozen=True, slots=True)
class StoredPages:
    """See `adapters.pages.Pages`."""

    store: Store
    book: Library

    async def open_cases(self, origin: Origin) -> Sequence[OpenCase]:
        """See `Pages.open_cases`."""
        try:
            known = await self.store.begun_by(Person.of(origin), _NEWEST)
        except StorageError as error:
            raise TryLater("the database cannot be used just now", _LATER) from error
        voice = self._voice(origin)
        return [case for one in known if (case := _open(voice, one))]

    def explain(self, code: str, origin: Origin) -> Say:
        """See `Pages.explain`."""
        voice, known = self._voice(origin), find(code, self.book)
        if known is None or not (known.cause or known.kind):
            return Say(
                text=(voice.phrase("no-such-code"),),
                links=_links(voice, known.links if known else {}),
            )
        if known.cause is None:
            other = self.book.lookalike(known.kind or "", voice.language)
            return Say(text=(fill(other.says, found.in_sentences(known)),))
        playbook = self.book.playbook(known.cause, voice.language)
        steps = (
            f"{n}. {fill(playbook.steps[name].say, found.in_sentences(known, playbook))}"
            for n, name in enumerate(playbook.main_path(), 1)
        )
        text = (*voice.verdict(known), *steps)
        return Say(text=text, links=_links(voice, {"help": playbook.help, **known.links}))

    def phrase(self, name: str, origin: Origin) -> str:
        """See `Pages.phrase`."""
        return self.book.phrase(name, self._language(origin))

    def _voice(self, origin: Origin) -> Voice:
        return Voice(self.book, self._language(origin))

    def _language(self, origin: Origin) -> str:
        wanted = (origin.language[:2].lower(), self.book.policy.language)
        return next((one for one in wanted if one in self.book.languages), ENGLISH)


def _open(voice: Voice, known: Known) -> OpenCase | None:
    state = known.state.back_to if isinstance(known.state, Lapsed | Forgetting) else known.state
    if isinstance(state, Lapsed):
        state = state.back_to
    if isinstance(state, Idle | Fixed):
        return None
    title = voice.title(state.case.diagnosis) or voice.phrase("subject")
    return OpenCase(known.conversation, title, _stands(voice, state))


def _stands(voice: Voice, state: State) -> str:
    match state:
        case HandingOver():
            return voice.phrase("waiting")
        case HandedOver(ticket=number):
            return voice.phrase("with-people", ticket=ticket_name(number))
        case Guiding(cause=cause, step=step):
            path = voice.book.playbook(cause, voice.language).main_path()
            if step in path:
                place = path.index(step) + 1
                return voice.phrase("stands-step", step=place, steps=len(path))
    return voice.phrase("stands-open")


def _links(voice: Voice, links: Mapping[str, str]) -> tuple[Link, ...]:
    labels = voice.book.words[voice.language].links
    return tuple(Link(labels[kind], url) for kind, url in links.items() if url)
