"""What is too old at which time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.people import label
from bot.retention import by_timer, cut
from bot.storage.keeping import Cut, Went, counted
from tests.bot.values import AT, NOW

DAY = 86_400_000


def test_event_ids_go_after_a_week_and_the_rest_as_wished() -> None:
    assert cut(AT, timedelta(days=90)) == Cut(before=NOW - 90 * DAY, inbox_before=NOW - 7 * DAY)
    assert cut(AT, timedelta(days=1)) == Cut(before=NOW - DAY, inbox_before=NOW - 7 * DAY)


def test_longer_than_there_is_time_is_for_ever() -> None:
    assert cut(AT, timedelta(days=999_999)).before < 0


def test_what_still_goes_on_is_never_too_old() -> None:
    with pytest.raises(ValueError, match="1d at least"):
        cut(AT, timedelta(hours=23))


def test_a_running_service_says_that_it_was_its_timer() -> None:
    act, later = (by_timer(at, timedelta(days=90)) for at in (AT, AT + timedelta(days=1)))

    assert act
    assert later
    assert (label(act.who), act.at, act.about) == ("service:timer", NOW, "older than 90d")
    assert act.key != later.key


def test_without_a_retention_only_ids_of_events_are_too_old() -> None:
    assert cut(AT, None).before == 0
    assert cut(AT, None).inbox_before == cut(AT, timedelta(days=90)).inbox_before
    assert by_timer(AT, None) is None


def test_what_went_is_told_in_words() -> None:
    assert counted(Went(conversation=1, ticket_entry=2, inbox=1234)) == (
        "1 conversation, 2 ticket entries, 1,234 event ids"
    )
    assert counted(Went()) == ""
