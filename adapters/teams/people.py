"""What people are called. Kept in memory alone, for the cards that say who answered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from adapters.teams.activity import Account
from adapters.teams.places import PLATFORM

_MOST = 5000
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Names:
    """The names of those who spoke last."""

    _known: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def remember(self, person: Account) -> None:
        """Keep the name of `person`."""
        if not person.name:
            return
        user = f"{PLATFORM}:{person.key}"
        self._known[user] = person.name[:_LONGEST]
        self._known.move_to_end(user)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def of(self, user: str) -> str:
        """Return the name of `user`, as in `Origin.user`; "" when it is not known."""
        return self._known.get(user, "")
