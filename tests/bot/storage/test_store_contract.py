"""What any store must do; every store that we have does it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.storage import Decision, Known, Lease, Note, Outgoing, Person, Scope, Snapshot, Store
from dialogs.events import File, TicketOpened
from dialogs.replies import AddToTicket, Ask, Choice, Fetch, Forget, Link, Say, Settle
from dialogs.state import Fixed, Forgetting, Idle, Listening, State
from tests.bot.values import AT, NOW, case, deciding, guiding, origin, said, say, ticket_wanted

LATER = NOW + 30_000
OURS = Scope(platforms=frozenset({"test"}))


async def heads(store: Store, scope: Scope = OURS, now: int = NOW) -> list[Outgoing]:
    return list(await store.claim(scope, now, now + 30_000, 10))


async def test_a_new_conversation_is_idle(store: Store) -> None:
    assert await store.load("test:t:c") == Snapshot(Idle(), 0)


@pytest.mark.parametrize(
    "state",
    [
        Idle(language="ko"),
        guiding(),
        Fixed(language="ko", case=case(), token="t", ticket=3),
        Forgetting(language="ko", token="t", back_to=guiding()),
        Forgetting(
            language="ko",
            token="t",
            back_to=Listening(language="ko", case=case(), token="t", cause="x", step="y"),
        ),
    ],
    ids=lambda state: type(state).__name__,
)
async def test_keeps_where_a_conversation_stands(store: Store, state: State) -> None:
    await store.turn(said(), deciding(state), NOW)

    assert await store.load("test:t:c") == Snapshot(state, 1)


async def test_decides_on_what_was_kept(store: Store) -> None:
    await store.turn(said("test:1"), deciding(guiding()), NOW)
    found: list[State] = []

    def decide(state: State) -> Decision:
        found.append(state)
        note = Note(event="Said", outcome="Idle", language="")
        return Decision(state=Idle(), replies=(), effects=(), note=note)

    await store.turn(said("test:2"), decide, NOW)

    assert found == [guiding()]


async def test_gives_back_what_was_said_word_for_word(store: Store) -> None:
    replies = (
        say("하나", "two\nlines", "\x00 \u200f <b>"),
        Ask(
            text=("Which?",),
            quote="for the administrator",
            facts=("AADSTS50173",),
            links=(Link("Open this run", "https://make.powerautomate.com"),),
            token="t2",
            choices=(Choice("done", "Done"),),
        ),
        Settle(token="t1", answer="Done", by="u1"),
    )

    await store.turn(said(), deciding(None, *replies), NOW)

    given = []
    while claimed := await heads(store):
        assert claimed[0].origin == origin()
        given += [outgoing.item for outgoing in claimed]
        await store.done(claimed[0])
    assert given == list(replies)


async def test_what_only_the_presser_sees_is_not_sent(store: Store) -> None:
    whisper = Say(text=("not yours",), to="presser")

    decision = await store.turn(said(), deciding(None, whisper, say("a")), NOW)

    assert decision
    assert decision.replies == (whisper, say("a"))
    assert [outgoing.item for outgoing in await heads(store)] == [say("a")]


async def test_takes_an_event_once(store: Store) -> None:
    first = await store.turn(said(), deciding(guiding()), NOW)

    again = await store.turn(said(), deciding(Idle(), say("twice")), NOW)

    assert first is not None
    assert again is None
    assert await store.load("test:t:c") == Snapshot(guiding(), 1)
    assert not await heads(store)


async def test_a_decision_that_fails_leaves_nothing(store: Store) -> None:
    def fail(_: State) -> Decision:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.turn(said(), fail, NOW)

    assert await store.load("test:t:c") == Snapshot(Idle(), 0)
    assert await store.turn(said(), deciding(guiding()), NOW), "the event may come again"


async def test_one_failing_turn_among_many_fails_alone(store: Store) -> None:
    def fail(_: State) -> Decision:
        raise ZeroDivisionError

    async def turn(n: int) -> Decision | None:
        where = origin(f"test:t:{n}")
        return await store.turn(said(f"test:{n}", where=where), deciding() if n % 5 else fail, NOW)

    results = await asyncio.gather(*map(turn, range(100)), return_exceptions=True)

    assert [n for n, r in enumerate(results) if isinstance(r, ZeroDivisionError)] == [
        *range(0, 100, 5)
    ]
    assert [n for n in range(100) if (await store.load(f"test:t:{n}")).version] == [
        n for n in range(100) if n % 5
    ]


async def test_counts_every_turn_of_many_at_once(store: Store) -> None:
    await asyncio.gather(
        *(store.turn(said(f"test:{n}"), deciding(guiding(str(n))), NOW) for n in range(20))
    )

    assert (await store.load("test:t:c")).version == 20


async def test_replies_go_out_one_after_the_other(store: Store) -> None:
    await store.turn(said("test:1"), deciding(None, say("a"), say("b")), NOW)
    await store.turn(said("test:2"), deciding(None, say("c")), NOW)

    order = []
    while claimed := await heads(store):
        assert len(claimed) == 1
        order.append(claimed[0].item)
        await store.done(claimed[0])

    assert order == [say("a"), say("b"), say("c")]


async def test_who_is_done_hears_whether_more_waits_in_the_lane(store: Store) -> None:
    await store.turn(said(), deciding(None, say("one"), say("two")), NOW)
    await store.turn(said(id="test:2", where=origin("test:t:d")), deciding(None, say("x")), NOW)
    (first, _) = await heads(store)

    assert await store.done(first) is True
    (second,) = await heads(store)
    assert await store.done(second) is False
    assert await store.done(second) is False, "there is no such row any more"


async def test_conversations_and_effects_do_not_wait_for_one_another(store: Store) -> None:
    await store.turn(
        said("test:1"), deciding(None, say("a"), say("b"), effects=(ticket_wanted(),)), NOW
    )
    await store.turn(said("test:2", where=origin("test:t:d")), deciding(None, say("c")), NOW)

    assert [o.item for o in await heads(store)] == [say("a"), ticket_wanted(), say("c")]


async def test_keys_name_the_cause_and_its_place(store: Store) -> None:
    await store.turn(said("test:1"), deciding(None, say("a"), effects=(ticket_wanted(),)), NOW)

    assert [o.key for o in await heads(store)] == ["test:1:0", "test:1:1"]


async def test_forgetting_waits_for_the_replies_before_it(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a"), effects=(Forget(),)), NOW)

    assert [o.item for o in await heads(store)] == [say("a")]


async def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a"), say("b")), NOW)
    (first,) = await heads(store)

    assert not await heads(store, now=LATER - 1)
    (second,) = await heads(store, now=LATER)

    assert (first.id, first.attempts) == (second.id, 1)
    assert second.attempts == 2


async def test_a_scope_is_kept_to(store: Store) -> None:
    await store.turn(said("test:1"), deciding(None, say("a"), effects=(ticket_wanted(),)), NOW)
    await store.turn(said("test:2", where=origin("test:t:d")), deciding(None, say("b")), NOW)
    other = replace(origin("other:t:c"), platform="other")
    await store.turn(said("other:1", where=other), deciding(None, say("c")), NOW)

    here = await heads(store, Scope(platforms=frozenset({"test"}), conversation="test:t:d"))
    nobodys = await heads(store, Scope())
    rest = await heads(store)

    assert [o.item for o in here] == [say("b")]
    assert [o.item for o in nobodys] == [ticket_wanted()], "effects need no platform"
    assert [o.item for o in rest] == [say("a")]


async def test_a_file_is_read_by_whoever_knows_its_platform(store: Store) -> None:
    fetch = Fetch(file=File(name="a.log", route={"url": "https://files.test/a"}))
    await store.turn(said("test:1"), deciding(None, effects=(fetch,)), NOW)

    assert not await heads(store, Scope())
    assert [o.item for o in await heads(store)] == [fetch]


async def test_a_file_is_not_handed_to_who_cannot_read_it(store: Store) -> None:
    fetch = Fetch(file=File(name="a.log", route={"url": "https://files.test/a"}))
    lease = Lease(platforms=frozenset({"other"}), until=LATER)

    decision = await store.turn(said("test:1"), deciding(None, effects=(fetch,)), NOW, lease=lease)

    assert decision
    assert not decision.handed


async def test_the_oldest_go_first_and_no_more_than_asked_for(store: Store) -> None:
    for n in range(5):
        where = origin(f"test:t:{n}")
        await store.turn(said(f"test:{n}", where=where), deciding(None, say(str(n))), NOW)

    claimed = await store.claim(OURS, NOW, LATER, 2)

    assert [o.item for o in claimed] == [say("0"), say("1")]


async def test_what_is_postponed_holds_its_lane_up(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a"), say("b")), NOW)
    (first,) = await heads(store)

    await store.postpone(first, NOW + 5_000, "429")

    assert not await heads(store, now=NOW + 4_999)
    assert [o.item for o in await heads(store, now=NOW + 5_000)] == [say("a")]


async def test_who_lost_the_lease_postpones_nothing(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a")), NOW)
    (late,) = await heads(store)
    (taken_over,) = await heads(store, now=LATER)

    await store.postpone(late, NOW, "429")

    assert not await heads(store, now=LATER)
    await store.done(taken_over)
    assert not await heads(store, now=LATER * 2)


async def test_who_lost_the_lease_but_did_it_is_done(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a")), NOW)
    (late,) = await heads(store)
    await heads(store, now=LATER)

    await store.done(late)

    assert not await heads(store, now=LATER * 2)


async def test_what_is_buried_makes_way(store: Store) -> None:
    await store.turn(said(), deciding(None, say("a"), say("b")), NOW)
    (first,) = await heads(store)

    await store.bury(first, NOW, "the channel was deleted")

    assert [o.item for o in await heads(store)] == [say("b")]


async def test_leases_can_be_given_back(store: Store) -> None:
    await store.turn(said("test:1"), deciding(None, say("a")), NOW)
    await store.turn(said("test:2", where=origin("test:t:d")), deciding(None, say("b")), NOW)
    await heads(store)

    assert await store.release(replace(OURS, conversation="test:t:d"), NOW) == 1
    assert [o.item for o in await heads(store)] == [say("b")]
    assert await store.release(OURS, NOW) == 2
    assert await store.release(OURS, NOW) == 0
    assert len(await heads(store)) == 2


async def test_an_effect_goes_when_its_event_is_taken(store: Store) -> None:
    await store.turn(said(), deciding(None, effects=(ticket_wanted(),)), NOW)
    (effect,) = await heads(store)
    event = TicketOpened(id=effect.key, at=AT, origin=effect.origin, number=1)

    await store.turn(event, deciding(guiding(), say("FM-1")), NOW, done=effect)

    assert (await store.load("test:t:c")).state == guiding()
    assert [o.item for o in await heads(store, now=LATER)] == [say("FM-1")]


async def test_an_effect_that_is_gone_changes_nothing(store: Store) -> None:
    await store.turn(said(), deciding(None, effects=(ticket_wanted(),)), NOW)
    (effect,) = await heads(store)
    await store.done(effect)
    event = TicketOpened(id=effect.key, at=AT, origin=effect.origin, number=1)

    taken = await store.turn(event, deciding(guiding(), say("FM-1")), NOW, done=effect)

    assert taken is None
    assert await store.load("test:t:c") == Snapshot(Idle(), 1)


async def test_an_effect_whose_event_came_before_is_done(store: Store) -> None:
    await store.turn(said(), deciding(None, effects=(AddToTicket(number=1, text="x"),)), NOW)
    (effect,) = await heads(store)
    event = TicketOpened(id=effect.key, at=AT, origin=effect.origin, number=1)
    await store.turn(event, deciding(), NOW)

    assert await store.turn(event, deciding(guiding()), NOW, done=effect) is None
    assert not await heads(store, now=LATER)


async def test_whoever_comes_next_delivers(store: Store) -> None:
    async with store.deliverer() as first:
        pass
    async with store.deliverer() as second:
        pass

    assert first
    assert second


@pytest.mark.parametrize("store", ["fake", "sqlite"], indirect=True)
async def test_one_delivers(store: Store) -> None:
    async with store.deliverer() as first, store.deliverer() as second:
        pass

    assert (first, second) == (True, False)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_several_deliver(store: Store) -> None:
    async with store.deliverer() as first, store.deliverer() as second:
        pass

    assert (first, second) == (True, True)


async def test_names_what_somebody_began_newest_first(store: Store) -> None:
    ann, bob = origin(user="test:ann"), origin(user="test:bob")
    for n, (who, where) in enumerate([(ann, "a"), (bob, "b"), (ann, "c"), (ann, "d")]):
        begins = replace(who, conversation=f"test:t:{where}")
        await store.turn(replace(said(f"test:{n}"), origin=begins), deciding(guiding()), NOW + n)
    later = replace(bob, conversation="test:t:a")
    await store.turn(replace(said("test:9"), origin=later), deciding(Idle()), NOW + 9)

    known = await store.begun_by(Person.of(ann), 2)

    assert known == [
        Known(conversation="test:t:a", state=Idle(), updated_at=NOW + 9),
        Known(conversation="test:t:d", state=guiding(), updated_at=NOW + 3),
    ]
