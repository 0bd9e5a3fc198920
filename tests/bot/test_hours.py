"""How business hours and holidays are spelt, and what is wrong with those that cannot be read."""

from __future__ import annotations

from datetime import date

import pytest

from bot.hours import holidays_of, week_of

MORNING, AFTERNOON = (540, 720), (780, 1080)


def test_several_periods_on_several_days() -> None:
    week = week_of("Mon-Thu 09:00-12:00 13:00-18:00; Friday 9:00-12:00; Sat Sun 10:00-24:00")

    assert week == {
        **dict.fromkeys(range(4), (MORNING, AFTERNOON)),
        4: (MORNING,),
        **dict.fromkeys((5, 6), ((600, 1440),)),
    }


def test_a_week_may_begin_on_any_day() -> None:
    assert set(week_of("Sun-Thu 09:00-12:00")) == {6, 0, 1, 2, 3}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there are no hours"),
        ("Mon-Fri", "has no day or no hours"),
        ("09:00-18:00", "has no day or no hours"),
        ("Mon 18:00-09:00", "does not end after it begins"),
        ("Mon 09:00-12:75", "does not end after it begins"),
        ("Mon 09:00-12:00 11:00-13:00", "overlap"),
        ("Funday 09:00-12:00", "is no day of the week"),
        ("Mon 9-12", "are no hours"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        week_of(text)


def test_holidays() -> None:
    assert holidays_of("2026-12-25, 2027-01-01") == {date(2026, 12, 25), date(2027, 1, 1)}
    with pytest.raises(ValueError, match="'soon' is no day"):
        holidays_of("soon")
