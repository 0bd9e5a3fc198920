"""Business hours: several periods a day, a zone, holidays, and clocks that are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.hours import Hours

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE = Hours(
    zone=SEOUL,
    week=dict.fromkeys(range(5), ((540, 720), (780, 1080))),
    holidays=frozenset({date(2026, 12, 25)}),
)


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25T10:00", None),
        ("2026-11-25T08:59", "2026-11-25T09:00"),
        ("2026-11-25T12:00", "2026-11-25T13:00"),
        ("2026-11-25T18:00", "2026-11-26T09:00"),
        ("2026-11-27T19:00", "2026-11-30T09:00"),
        ("2026-12-24T18:00", "2026-12-28T09:00"),
    ],
)
def test_when_people_are_back(now: str, opens: str | None) -> None:
    assert OFFICE.opens(at(now)) == (at(opens) if opens else None)


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2026-11-25T10:00", 1, "2026-11-25T11:00"),
        ("2026-11-25T11:30", 1, "2026-11-25T13:30"),
        ("2026-11-25T17:30", 1, "2026-11-26T09:30"),
        ("2026-11-27T17:00", 2, "2026-11-30T10:00"),
    ],
)
def test_only_open_time_counts(now: str, hours: int, until: str) -> None:
    assert OFFICE.after(at(now), timedelta(hours=hours)) == at(until)


def test_the_clock_on_the_wall_counts_when_it_is_changed() -> None:
    """On 25 October 2026 Berlin has 25 hours; on 29 March 2026 it has 23."""
    always = Hours(zone=BERLIN, week=dict.fromkeys(range(7), ((540, 1020),)))
    for day in ("2026-10-25", "2026-03-29"):
        before = at(f"{day}T00:30", BERLIN)
        assert always.opens(before) == at(f"{day}T09:00", BERLIN)


def test_whoever_is_never_there_is_not_waited_for_for_ever() -> None:
    never = Hours(zone=SEOUL, week={})
    now = at("2026-11-25T10:00")

    assert never.opens(now) is None
    assert never.after(now, timedelta(hours=1)) == now + timedelta(hours=1)


@given(
    st.integers(0, 1_000_000).map(lambda n: BEGIN + timedelta(minutes=n)),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_time_that_was_waited_adds_up(now: datetime, one: int, other: int) -> None:
    first, second = timedelta(minutes=one), timedelta(minutes=other)

    at_once = OFFICE.after(now, first + second)
    in_turn = OFFICE.after(OFFICE.after(now, first), second)

    assert now <= at_once
    # Between two periods both ends are the same moment of open time.
    assert OFFICE.after(at_once, timedelta(minutes=1)) == OFFICE.after(
        in_turn, timedelta(minutes=1)
    )
