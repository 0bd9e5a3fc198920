"""A playbook as written in its file, checked whole before it may be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from dialogs.diagnosis.model import Who
from dialogs.words import IN_MESSAGES, IN_SENTENCES, names, stray

FIXED, PERSON, NEW_MESSAGE = "fixed", "person", "new-message"
"""Where a step may lead that is no step: both endings, and "show me what it says now"."""

OWN_CHOICES = frozenset({"done", "failing", "person", "same", "none", "yes", "no"})
"""Answers that mean the same in every playbook; a step may not give them another way."""

SOLVED, SMALL_TALK, OTHER = "solved", "small-talk", "other"
"""Look-alikes that the conversation itself tells apart: it works, a greeting, nothing known."""

CATCH_ALL, NO_PERMISSION = "sign-in-again", "not-permitted"
"""The causes that say no more than that a sign-in was refused, or an access."""


ANY, OTHER_ONE = "any", "other"
"""Keys beside connectors' names: none is known, and one is known that has no words of its own."""


def _sentence(text: str) -> str:
    return _names_only(_whole(text), IN_SENTENCES)


def _whole(text: str) -> str:
    if stray(text):
        raise ValueError("a brace that opens or closes no placeholder")
    return text


def _names_only(text: str, known: frozenset[str]) -> str:
    if unknown := sorted(names(text) - known):
        places = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValueError(f"unknown placeholder {places}; known here: {', '.join(sorted(known))}")
    return text


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
Text = Annotated[_Text, AfterValidator(_whole)]
Said = Annotated[_Text, AfterValidator(_sentence)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Page = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
Phrases = dict[Annotated[str, StringConstraints(pattern=r"^([a-z]{2}|any)$")], list[str]]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Signs(_Strict):
    """What a text must hold to point here. `diagnosis/lexicon.py` explains the notation."""

    codes: list[str] = []
    """Machine codes, exact: "AADSTS50173", "DlpViolation", "0x80040220"."""
    texts: Phrases = {}
    """Machine wording by language: whoever pastes it has this failure."""
    words: Phrases = {}
    """A person's words that say it outright."""
    hints: Phrases = {}
    """Words that decide only beside another sign of a failed sign-in."""
    over: list[Id] = []
    """Causes that give way when this one is read too, unless a named code speaks for them."""


class Step(_Strict):
    """One action for one person, and where its answers lead."""

    say: Text
    send: Text | None = None
    """Words for the person to send on to whoever can act."""
    link: Literal["connections", "run", "error", "help"] | None = None
    done: Id
    failing: Id = NEW_MESSAGE
    choices: dict[Id, Id] = {}
    """Further buttons: id -> where it leads. Labels stand in `labels` or in `_words.toml`."""


class Playbook(_Strict):
    """One cause: how to tell it, who can fix it, how."""

    title: Label
    """What is broken in a few words: a button, a ticket's subject."""
    who: Annotated[list[Who], Field(min_length=1)]
    verdict: Text
    """One sentence without its final stop; `{connector}` and its like may stand in it."""
    fix: Text
    """Who can fix it, how long it takes."""
    settle: Text | None = None
    """What would make a likely verdict certain."""
    help: Page
    connectors: list[str] = []
    """The only connectors, as the portal calls them, that fail so; any may when empty."""
    related: list[Id] = []
    """Causes it is easily confused with: the other answers of a clarifying question."""
    start: Id
    steps: dict[Id, Step]
    labels: dict[Id, Label] = {}
    by_connector: dict[Id, dict[str, Text]] = {}
    """Placeholder -> connector, as the portal calls it (several with `|` between) -> what stands in
    the place. `any` is for a failure without a connector; `other`, if there is one, for a connector
    that has no words here."""
    signs: Signs = Signs()

    @model_validator(mode="after")
    def _every_place_is_filled(self) -> Self:
        """Raise a `ValueError` that begins with the key that names what nothing fills."""
        for name, words in self.by_connector.items():
            if name in IN_MESSAGES:
                raise ValueError(f"by_connector.{name}: every text has this placeholder already")
            if ANY not in words:
                raise ValueError(f"by_connector.{name}: '{ANY}' is missing")
        own = frozenset(self.by_connector)
        for key, text, known in self._texts():
            try:
                _names_only(text, known | own)
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        return self

    @model_validator(mode="after")
    def _every_path_ends(self) -> Self:
        """Raise a `ValueError` that begins with the key that leads nowhere, or is never reached."""
        if self.start not in self.steps:
            raise ValueError(f"start: leads nowhere: '{self.start}' is no step")
        known = {FIXED, PERSON, NEW_MESSAGE, *self.steps}
        for key, goto in self._gotos():
            if goto not in known:
                raise ValueError(f"{key}: leads nowhere: '{goto}' is no step")
        for name, step in self.steps.items():
            if taken := sorted(OWN_CHOICES & step.choices.keys()):
                raise ValueError(f"steps.{name}.choices.{taken[0]}: every step has this answer")
        seen = self._from(self.start)
        for name in self.steps:
            if name not in seen:
                raise ValueError(f"steps.{name}: no way leads to this step")
            if FIXED not in self._from(name):
                raise ValueError(f"steps.{name}: no way leads from this step to '{FIXED}'")
        if not {PERSON, NEW_MESSAGE} & seen:
            raise ValueError(f"steps: no way leads to '{PERSON}' or '{NEW_MESSAGE}'")
        return self

    def may_be_of(self, connector: str | None) -> bool:
        """Tell whether `connector`, None when it is not known, can fail so."""
        return not self.connectors or connector is None or connector in self.connectors

    def fitting(self, connector: str | None) -> dict[str, str]:
        """Return placeholder -> its words for `connector`, None when it is not known."""
        return {name: _fitting(words, connector) for name, words in self.by_connector.items()}

    def main_path(self) -> tuple[str, ...]:
        """Return the steps that *Done* leads along, from the first to the last."""
        path: list[str] = []
        name = self.start
        while name in self.steps and name not in path:
            path.append(name)
            name = self.steps[name].done
        return tuple(path)

    def _texts(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """Yield key and words of every text, and what each of them may name."""
        for key in ("verdict", "fix", "settle"):
            yield key, getattr(self, key) or "", IN_SENTENCES
        for name, step in self.steps.items():
            yield f"steps.{name}.say", step.say, IN_SENTENCES
            yield f"steps.{name}.send", step.send or "", IN_MESSAGES
        for name, words in self.by_connector.items():
            for connector, text in words.items():
                yield f"by_connector.{name}.{connector}", text, frozenset()

    def _gotos(self) -> Iterator[tuple[str, str]]:
        for name, step in self.steps.items():
            yield f"steps.{name}.done", step.done
            yield f"steps.{name}.failing", step.failing
            for choice, goto in step.choices.items():
                yield f"steps.{name}.choices.{choice}", goto

    def _from(self, start: str) -> set[str]:
        """Return all steps and endings that can be reached from `start`, itself among them."""
        seen: set[str] = set()
        todo = [start]
        while todo:
            if (name := todo.pop()) not in seen:
                seen.add(name)
                todo += ways(self.steps[name]) if name in self.steps else ()
        return seen


class LookAlike(_Strict):
    """One thing that looks like an auth failure and is none."""

    title: Label
    says: Said
    """The one honest sentence."""
    help: Page | None = None
    statuses: list[int] = []
    """HTTP statuses that mean this when nothing else is inside."""
    wraps: bool = False
    """True for what a connector wraps around the failure inside: it says nothing beside that."""
    about: bool = False
    """True when it is a way of talking (a question, a task), not another failure."""
    signs: Signs = Signs()


def ways(step: Step) -> list[str]:
    """Return where the answers of `step` lead."""
    return [step.done, step.failing, *step.choices.values()]


def _fitting(words: dict[str, str], connector: str | None) -> str:
    if connector is None:
        return words[ANY]
    own = next((text for key, text in words.items() if connector in key.split("|")), None)
    return own or words.get(OTHER_ONE) or words[ANY]
