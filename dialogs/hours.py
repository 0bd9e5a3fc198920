"""When people are there: several periods a day, in one time zone, but for the holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_FAR = 400
"""Days that are looked ahead: whoever has holidays for longer is never there."""

Period = tuple[int, int]
"""From and until, in minutes since midnight; 1440 is the end of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of a week."""

    zone: tzinfo
    week: Mapping[int, tuple[Period, ...]]
    """Day of the week (Monday is 0) -> its periods, in order."""
    holidays: frozenset[date] = frozenset()

    def opens(self, at: datetime) -> datetime | None:
        """Return when people are there again; None when they are there, or never will be."""
        start, _ = next(self._periods(at), (at, at))
        return start if start > at else None

    def after(self, at: datetime, span: timedelta) -> datetime:
        """Return when `span` of open time will have passed since `at`."""
        for start, end in self._periods(at):
            room = end - max(start, at)
            if span <= room:
                return max(start, at) + span
            span -= room
        return at + span

    def _periods(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the periods from `at` on, in UTC."""
        first = at.astimezone(self.zone).date()
        for day in (first + timedelta(days=n) for n in range(_FAR)):
            for start, end in () if day in self.holidays else self.week.get(day.weekday(), ()):
                period = self._moment(day, start), self._moment(day, end)
                if period[1] > at:
                    yield period

    def _moment(self, day: date, minute: int) -> datetime:
        """The clock on the wall counts, also on the days on which it is changed."""
        return (datetime.combine(day, time(), self.zone) + timedelta(minutes=minute)).astimezone(
            UTC
        )
