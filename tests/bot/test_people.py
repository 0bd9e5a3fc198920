"""Names of people: what is shown, and what an administrator may write."""

from __future__ import annotations

import pytest

from bot.people import full_name, is_called, label
from bot.storage import Person

SLACK = Person("slack", "T1", "U024BE7LH")
TEAMS = Person("teams", "72f988bf", "29:1a2b")
CONSOLE = Person("console", "local", "console:local")


def test_what_is_shown() -> None:
    assert [label(it) for it in (SLACK, TEAMS, CONSOLE, None)] == [
        "slack:U024BE7LH",
        "teams:29:1a2b",
        "console:local",
        "forgotten",
    ]
    assert full_name(SLACK) == "slack:T1:U024BE7LH"
    assert full_name(Person("operator", "", "root")) == "operator:root"


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (SLACK, "U024BE7LH"),
        (SLACK, "u024be7lh"),
        (SLACK, " slack:U024BE7LH "),
        (SLACK, "T1:U024BE7LH"),
        (SLACK, "slack:T1:U024BE7LH"),
        (TEAMS, "29:1a2b"),
        (TEAMS, "1A2B"),
        (TEAMS, "teams:29:1a2b"),
        (TEAMS, "teams:72f988bf:29:1a2b"),
        (CONSOLE, "local"),
        (CONSOLE, "console:local"),
    ],
)
def test_what_means_somebody(person: Person, name: str) -> None:
    assert is_called(person, name)


@pytest.mark.parametrize(
    "name", ["", " ", ":", "U024", "slack", "T1", "teams:U024BE7LH", "T2:U024BE7LH", "forgotten"]
)
def test_what_means_nobody(name: str) -> None:
    assert not is_called(SLACK, name)
