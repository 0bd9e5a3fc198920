"""The outbox as its administrator sees it, on every store."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.storage import Outgoing, Person, Scope, Store
from bot.storage.codec import dump
from bot.storage.keeping import Act, Letter
from dialogs.events import TicketRefused
from dialogs.replies import AddToTicket, Effect, Forget, OpenTicket, ReopenTicket, Reply
from tests.bot.values import NOW, deciding, origin, said, say, ticket_wanted

LATER = NOW + 60_000
OURS = Scope(platforms=frozenset({"test"}))
ROOT = Person("operator", "", "root")
AGAIN = Act(at=LATER, who=ROOT, what="sent-again", about="x")
DROP = Act(at=LATER, who=ROOT, what="dropped", about="x")


async def put(
    store: Store, *replies: Reply, id: str = "test:1", effects: Sequence[Effect] = ()
) -> None:
    await store.turn(said(id), deciding(None, *replies, effects=tuple(effects)), NOW)


async def claim(store: Store, now: int = LATER) -> list[Outgoing]:
    return list(await store.claim(OURS, now, now + 30_000, 50))


async def bury(store: Store) -> None:
    """Put everything aside that is there."""
    while rows := await claim(store, NOW):
        for row in rows:
            await store.bury(row, NOW + 5, "the channel is gone")


async def only(store: Store) -> Letter:
    (letter,) = await store.letters.list(9)
    return letter


async def deliver(store: Store) -> list[object]:
    order: list[object] = []
    while rows := await claim(store):
        order += [row.item for row in rows]
        for row in rows:
            await store.done(row)
    return order


async def test_what_waits_is_shown(store: Store) -> None:
    await put(store, say("a"))
    (row,) = await claim(store, NOW)
    await store.postpone(row, NOW + 9_000, "429")

    letter = await only(store)

    assert letter == await store.letters.get(row.id)
    assert letter == Letter(
        id=row.id,
        dead=False,
        leased=False,
        kind="reply",
        key="test:1:0",
        conversation="test:t:c",
        person=Person.of(origin()),
        attempts=1,
        error="429",
        put_at=NOW,
        at=NOW + 9_000,
        item=dump(say("a")),
    )


async def test_what_was_put_aside_is_shown(store: Store) -> None:
    await put(store, effects=[AddToTicket(number=1, text="x")])
    await bury(store)

    letter = await only(store)

    assert (letter.dead, letter.leased, letter.kind) == (True, False, "effect")
    assert (letter.error, letter.put_at, letter.at) == ("the channel is gone", NOW, NOW + 5)
    assert letter.item == dump(AddToTicket(number=1, text="x"))


async def test_the_oldest_come_first(store: Store) -> None:
    await put(store, say("a"))
    await bury(store)
    await put(store, say("b"), say("c"), id="test:2")

    listed = [letter.item for letter in await store.letters.list(9)]

    assert listed == [dump(say(it)) for it in "abc"]
    assert len(await store.letters.list(1)) == 2, "one of each"


async def test_there_is_no_letter_that_nobody_wrote(store: Store) -> None:
    assert await store.letters.get(7) is None
    assert await store.letters.retry(7, AGAIN) == "unknown"
    assert await store.letters.drop(7, DROP) == "unknown"
    assert await store.letters.list(9) == []
    assert [act async for act in store.audit.read(LATER)] == []


async def test_a_dead_letter_goes_to_the_end_of_its_lane(store: Store) -> None:
    await put(store, say("a"))
    await bury(store)
    await put(store, say("b"), id="test:2")
    dead = (await store.letters.list(9))[0]

    assert await store.letters.retry(dead.id, AGAIN) == "done"

    _, a = await store.letters.list(9)
    assert (a.item, a.dead, a.attempts, a.key) == (dump(say("a")), False, 0, "test:1:0")
    assert a.error == "the channel is gone", "why it died is still known"
    assert a.put_at == NOW, "it is as old as it is"
    assert await deliver(store) == [say("b"), say("a")]
    assert await store.letters.retry(dead.id, AGAIN) == "unknown"


async def test_all_dead_letters_go_back_in_their_order(store: Store) -> None:
    await put(store, *(say(str(n)) for n in range(250)))
    await bury(store)
    await put(store, say("later"), id="test:2")

    assert await store.letters.retry_all(AGAIN) == 250
    assert await store.letters.retry_all(AGAIN) == 0

    assert await deliver(store) == [say("later"), *(say(str(n)) for n in range(250))]


async def test_what_waits_is_tried_at_once_in_its_place(store: Store) -> None:
    await put(store, say("a"), say("b"))
    (row,) = await claim(store, NOW)
    await store.postpone(row, LATER * 2, "429")
    assert not await claim(store)

    assert await store.letters.retry(row.id, AGAIN) == "done"

    assert await deliver(store) == [say("a"), say("b")]


async def test_what_somebody_is_at_is_left_to_them(store: Store) -> None:
    await put(store, say("a"))
    (row,) = await claim(store, NOW)

    assert (await only(store)).leased
    assert await store.letters.retry(row.id, AGAIN) == "in-hand"
    assert await store.letters.drop(row.id, DROP) == "in-hand"
    assert (await only(store)).at == row.leased_until


@pytest.mark.parametrize("dead", [False, True])
async def test_what_is_dropped_makes_way(store: Store, dead: bool) -> None:
    await put(store, say("a"), say("b"))
    first = (await store.letters.list(9))[0]
    if dead:
        await store.bury((await claim(store, NOW))[0], NOW, "gone")

    assert await store.letters.drop(first.id, DROP) == "done"

    assert await deliver(store) == [say("b")]
    assert await store.letters.list(9) == []


@pytest.mark.parametrize("wanted", [ticket_wanted(), ReopenTicket(number=1)])
async def test_whoever_waits_for_a_ticket_hears_that_there_is_none(
    store: Store, wanted: OpenTicket | ReopenTicket
) -> None:
    await put(store, effects=[wanted])
    letter = await only(store)

    assert await store.letters.drop(letter.id, DROP) == "done"

    (told,) = await claim(store)
    assert isinstance(told.item, TicketRefused)
    assert (told.item.id, told.item.origin) == (letter.key, origin())


@pytest.mark.parametrize("dead", [False, True])
async def test_a_wish_to_be_forgotten_cannot_be_dropped(store: Store, dead: bool) -> None:
    await put(store, effects=[Forget()])
    if dead:
        await bury(store)
    letter = await only(store)

    assert await store.letters.drop(letter.id, DROP) == "must-stay"
    assert await only(store) == letter


async def test_who_sent_again_or_dropped_is_in_the_audit(store: Store) -> None:
    await put(store, say("a"), say("b"))
    await bury(store)
    first, _ = await store.letters.list(9)
    await store.letters.drop(first.id, DROP)
    await store.letters.retry_all(AGAIN)

    acts = [act async for act in store.audit.read(LATER)]

    assert acts == [DROP, AGAIN]


async def test_errors_are_kept_without_secrets(store: Store) -> None:
    await put(store, say("a"), say("b"))
    (row,) = await claim(store, NOW)
    await store.postpone(row, NOW, "429 for password: hunter2")
    waiting = await only_error(store)
    (row,) = await claim(store, NOW)
    await store.bury(row, NOW, "401 for password: hunter2")

    assert waiting == "429 for password: [hidden: password]"
    assert "401 for password: [hidden: password]" in {
        letter.error for letter in await store.letters.list(9)
    }


async def only_error(store: Store) -> str:
    return next(letter.error for letter in await store.letters.list(9) if letter.error)
