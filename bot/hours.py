"""Business hours and holidays as a setting spells them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from dialogs.hours import Period

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"([a-z]{3})[a-z]*(?:-([a-z]{3})[a-z]*)?")
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_END = 24 * 60


def week_of(text: str) -> Mapping[int, tuple[Period, ...]]:
    """Return the periods of each day of the week in "Mon-Fri 09:00-12:00 13:00-18:00; Sat ...".

    Raises `ValueError` with the part that cannot be read.
    """
    week: dict[int, tuple[Period, ...]] = {}
    for entry in text.split(";"):
        words = entry.split()
        if not words:
            continue
        days = [word for word in words if not word[0].isdigit()]
        periods = sorted(_period(word) for word in words if word[0].isdigit())
        if not days or not periods:
            raise ValueError(
                f"'{entry.strip()}' has no day or no hours; write it like Mon-Fri 09:00-18:00"
            )
        for (_, end), (start, _) in pairwise(periods):
            if start < end:
                raise ValueError(f"'{entry.strip()}' has hours that overlap")
        for day in (day for word in days for day in _days(word)):
            week[day] = tuple(periods)
    if not week:
        raise ValueError("there are no hours in it; write them like Mon-Fri 09:00-18:00")
    return week


def holidays_of(text: str) -> frozenset[date]:
    """Return the days in "2026-12-25 2027-01-01". Raises `ValueError` with what is none."""
    found = set()
    for word in re.split(r"[\s,;]+", text.strip()):
        try:
            found.add(date.fromisoformat(word))
        except ValueError:
            raise ValueError(f"'{word}' is no day; write it like 2026-12-25") from None
    return frozenset(found)


def _days(word: str) -> range | list[int]:
    found = _DAY.fullmatch(word.strip(",").lower())
    names = [name for name in found.groups() if name] if found else []
    if not names or any(name not in _DAYS for name in names):
        raise ValueError(f"'{word}' is no day of the week; write it like Mon or Mon-Fri")
    first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
    return range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]


def _period(word: str) -> Period:
    found = _PERIOD.fullmatch(word.strip(","))
    if not found:
        raise ValueError(f"'{word}' are no hours; write them like 09:00-18:00")
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4])
    if not 0 <= start < end <= _END or int(found[2]) > 59 or int(found[4]) > 59:
        raise ValueError(f"'{word}' does not end after it begins")
    return start, end
