"""Desk channels: where tickets go, and which goes where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dialogs.diagnosis.model import Diagnosis
from dialogs.events import Origin
from dialogs.naming import ticket_name

_WORD = re.compile(r"(team|cause|language)s?[:=]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A channel whose people take up tickets."""

    platform: str
    tenant: str
    channel: str
    """As in `Origin.channel`."""
    route: Mapping[str, str] = field(default_factory=dict)
    """The adapter's own way there, as in `Origin.route`."""
    team: str = ""
    """What it is called where one is chosen from several."""
    causes: tuple[str, ...] = ()
    """It takes these alone; all when empty."""
    language: str = ""
    """It speaks this one; "" is the bot's own."""

    @property
    def key(self) -> str:
        """Return what tells it from every other channel."""
        return desk_key(self.platform, self.tenant, self.channel)

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.team or self.key

    def origin(self, number: int) -> Origin:
        """Return the place of ticket `number` in this channel; each is a conversation."""
        return Origin(
            platform=self.platform,
            tenant=self.tenant,
            conversation=f"{self.key}:{ticket_name(number)}",
            user="",
            channel=self.channel,
            route=self.route,
        )


class BadRoute(Exception):
    """What stands behind `desk here` cannot be read; the message is the word."""


def desk_key(platform: str, tenant: str, channel: str) -> str:
    """Return the key of a desk channel."""
    return f"{platform}:{tenant}:{channel}"


def routed(desk: Desk, words: str, causes: Sequence[str], languages: Sequence[str]) -> Desk:
    """Return `desk` with the route in `words`: "team identity cause mfa-required language ko".

    Raises `BadRoute` with the word that is none of ours.
    """
    said: dict[str, list[str]] = {}
    name = None
    for word in re.split(r"[\s,]+", words.strip()):
        if found := _WORD.fullmatch(word):
            name = found[1].lower()
        elif "=" in word and (found := _WORD.fullmatch(word.partition("=")[0])):
            name = found[1].lower()
            said.setdefault(name, []).append(word.partition("=")[2])
        elif word and name:
            said.setdefault(name, []).append(word)
        elif word:
            raise BadRoute(word)
    for wrong in (it for it in said.get("cause", ()) if it not in causes):
        raise BadRoute(wrong)
    for wrong in (it for it in said.get("language", ()) if it not in languages):
        raise BadRoute(wrong)
    return replace(
        desk,
        team=" ".join(said.get("team", ())),
        causes=tuple(said.get("cause", ())),
        language=next(iter(said.get("language", ())), ""),
    )


def together(settings: Iterable[Desk], made: Iterable[Desk]) -> tuple[Desk, ...]:
    """Return all desks: those of the settings, then those that were made in a channel.

    What was said in a channel goes before what the settings say of it.
    """
    return tuple({desk.key: desk for desk in (*settings, *made)}.values())


def near(desks: Iterable[Desk], of: Origin | Desk | None) -> tuple[Desk, ...]:
    """Return those of `desks` that are no other organisation's on the same platform."""
    if of is None:
        return tuple(desks)
    return tuple(it for it in desks if it.platform != of.platform or it.tenant == of.tenant)


def choose(desks: Iterable[Desk], origin: Origin, read: Diagnosis, language: str) -> Desk | None:
    """Return the desk for a ticket of `origin`; the one that was there first among equals.

    A desk of another organisation on the same platform never gets it. One that takes only certain
    causes gets these, and others only when there is no other desk.
    """

    def fit(desk: Desk) -> tuple[int, int]:
        cause = 2 if read.cause in desk.causes else 1 if not desk.causes else 0
        return cause, 2 if desk.language == language else 1 if not desk.language else 0

    return max(near(desks, origin), key=fit, default=None)


def named(desks: Iterable[Desk], name: str) -> Desk | None:
    """Return the desk with this key, or with this name."""
    there = tuple(desks)
    by_key = (it for it in there if it.key == name)
    by_name = (it for it in there if it.team and it.team.casefold() == name.casefold())
    return next(by_key, None) or next(by_name, None)
