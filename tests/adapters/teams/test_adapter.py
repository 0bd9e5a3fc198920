"""Words in: an event each, which is stored before it is acknowledged."""

from __future__ import annotations

from adapters.base import TryLater
from dialogs.events import Said
from tests.adapters.teams.conftest import World


async def test_words_become_an_event_and_are_answered_with_nothing(world: World) -> None:
    response = await world.post(world.teams.message("hello 안녕"))

    assert (response.status, await response.text()) == (200, "")
    (event,) = world.bot.heard
    assert isinstance(event, Said)
    assert (event.text, event.origin.route["service"]) == ("hello 안녕", world.teams.service)


async def test_what_cannot_be_stored_is_to_be_sent_again(world: World) -> None:
    world.bot.answers = [TryLater("the database cannot be used just now", 2)]

    response = await world.post(world.teams.message())

    assert (response.status, response.headers["Retry-After"]) == (503, "2")
