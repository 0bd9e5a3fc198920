"""The few words that only Teams needs, in the language that is being spoken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dialogs.events import Origin
from dialogs.replies import Reply, Settle

_HANGUL = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Looks phrases up."""

    find: Callable[[str, str], str]
    """By name and language."""

    def of(self, name: str, origin: Origin, replies: Iterable[Reply] = ()) -> str:
        """Return the phrase `name` in the language of `replies`, which go to `origin`."""
        return self.find(name, _language(origin, replies))


def _language(origin: Origin, replies: Iterable[Reply]) -> str:
    """A reply does not name its language; ours tell themselves apart by their letters."""
    said = [text for it in replies if not isinstance(it, Settle) for text in it.text]
    if any(map(_HANGUL.search, said)):
        return "ko"
    spoken = origin.language[:2].lower()
    return "en" if said and spoken == "ko" else spoken
