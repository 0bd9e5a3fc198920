"""How things are named inside the database."""

from __future__ import annotations

import hashlib
import json

from bot.storage import Person

_DAY = 86_400_000


def person_key(person: Person) -> str:
    """Return one text for one person; two people never share one."""
    return json.dumps([person.platform, person.tenant, person.user], ensure_ascii=False)


def person_of(key: str) -> Person:
    """Return whose `person_key` this is."""
    return Person(*json.loads(key))


def digest(id: str) -> str:
    """Return what is kept of an id that is only ever compared.

    Ids of platforms name places and people. What outlives a person's wish to be forgotten does
    not.
    """
    return hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def day(at: int) -> int:
    """Return the day of `at` (milliseconds) as days since the epoch, UTC."""
    return at // _DAY
