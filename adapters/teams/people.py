"""What people are called. Kept in memory alone, for the cards that say who answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.recent import Recent
from adapters.teams.activity import Account
from adapters.teams.places import PLATFORM

_MOST = 5000
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Names:
    """The names of those who spoke last."""

    _known: Recent[str, str] = field(default_factory=lambda: Recent(_MOST))

    def remember(self, person: Account) -> None:
        """Keep the name of `person`."""
        if person.name:
            self._known[f"{PLATFORM}:{person.key}"] = person.name[:_LONGEST]

    def of(self, user: str) -> str:
        """Return the name of `user`, as in `Origin.user`; "" when it is not known."""
        return self._known.get(user, "")
