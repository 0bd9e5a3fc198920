"""What is left of a person who asked to be forgotten: nothing, on every store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.storage import Outgoing, Person, Scope, Snapshot, Store
from bot.storage.opening import open_store
from dialogs.events import File, Forgotten, Origin
from dialogs.replies import AddToTicket, Effect, Fetch, Forget
from dialogs.state import Idle
from dialogs.ticket import AddLine, Erased, Resolve
from tests.bot.storage.looking import count, everything
from tests.bot.values import AT, NOW, change, deciding, guiding, origin, said, say, ticket_wanted

LATER = NOW + 30_000
OURS = Scope(platforms=frozenset({"test"}))
ANA = origin("test:t:ana-chat", "ana", way="ana-route")
BEN = origin("test:t:ben-chat", "ben", way="ben-route")
ANA_ELSEWHERE = replace(ANA, conversation="test:t:ana-other")
ANA_HELPS = replace(ANA, conversation="test:t:ben-chat")
WHO = Person.of(ANA)


async def claim(store: Store, conversation: str | None = None, now: int = NOW) -> list[Outgoing]:
    scope = replace(OURS, conversation=conversation)
    return list(await store.claim(scope, now, now + 30_000, 50))


async def talk(store: Store, where: Origin, n: int, *effects: Effect) -> None:
    decide = deciding(guiding(), say(f"secret of {where.user}"), effects=effects)
    await store.turn(said(f"{where.conversation}:{where.user}:{n}", where=where), decide, NOW)


async def ask_to_forget(store: Store, where: Origin) -> Outgoing:
    """Return the effect, claimed, that asks for what it says."""
    event = said(f"{where.conversation}:forget", where=where)
    await store.turn(event, deciding(guiding(), effects=(Forget(),)), NOW)
    while rows := await claim(store, where.conversation):
        for row in rows:
            if row.item == Forget():
                return row
            await store.done(row)
    raise AssertionError("nobody asked")


async def forget(store: Store, where: Origin) -> None:
    """Do all that the effect asks for, its last word included."""
    row = await ask_to_forget(store, where)
    await store.forget(Person.of(where), sparing=row)
    gone = Forgotten(id=row.key, at=AT, origin=row.origin)
    await store.turn(gone, deciding(Idle(), say("forgotten")), NOW, done=row)


def every_byte(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_every_conversation_of_the_person_goes_and_no_other(store: Store) -> None:
    await talk(store, ANA, 1)
    await talk(store, ANA_ELSEWHERE, 1)
    await talk(store, BEN, 1)

    await store.forget(WHO)

    assert await store.load(ANA.conversation) == Snapshot(Idle(), 0)
    assert await store.load(ANA_ELSEWHERE.conversation) == Snapshot(Idle(), 0)
    assert (await store.load(BEN.conversation)).version == 1
    assert [o.item for o in await claim(store)] == [say("secret of ben")]


async def test_whoever_helped_is_forgotten_and_the_case_goes_on(store: Store) -> None:
    await talk(store, BEN, 1)
    await talk(store, ANA_HELPS, 1)

    await store.forget(WHO)

    assert (await store.load(BEN.conversation)).version == 2
    assert [o.item for o in await claim(store)] == [say("secret of ben")]


async def test_the_last_word_arrives_and_leaves_no_conversation(store: Store) -> None:
    await talk(store, ANA, 1)

    await forget(store, ANA)

    (last,) = await claim(store)
    assert last.item == say("forgotten")
    assert last.origin == ANA, "it must find its way"
    assert await store.load(ANA.conversation) == Snapshot(Idle(), 0)
    await store.done(last)
    assert not await claim(store, now=LATER)


async def test_the_state_is_there_until_the_last_word(store: Store) -> None:
    """The last word is said in the language of the conversation."""
    await talk(store, ANA, 1)
    row = await ask_to_forget(store, ANA)

    await store.forget(WHO, sparing=row)

    assert (await store.load(ANA.conversation)).state == guiding()
    assert [o.item for o in await claim(store, now=LATER)] == [Forget()], "a crash does not stop it"


async def test_what_is_said_meanwhile_is_delivered_and_forgotten(store: Store) -> None:
    await talk(store, ANA, 1)
    row = await ask_to_forget(store, ANA)
    await talk(store, ANA, 2, AddToTicket(number=1, text="secret"))

    await store.forget(WHO, sparing=row)
    gone = Forgotten(id=row.key, at=AT, origin=row.origin)
    await store.turn(gone, deciding(Idle(), say("forgotten")), NOW, done=row)

    order = []
    while rows := await claim(store):
        order += [o.item for o in rows]
        await store.done(rows[0])
    assert order == [say("secret of ana"), say("forgotten")]


async def test_a_file_that_came_meanwhile_is_not_read(store: Store) -> None:
    """What is in it would begin the conversation anew."""
    await talk(store, ANA, 1)
    row = await ask_to_forget(store, ANA)
    fetch = Fetch(file=File(name="a.log", route={"url": "https://files.test/secret-of-ana"}))
    await talk(store, ANA, 2, fetch)

    await store.forget(WHO, sparing=row)
    await talk(store, ANA, 3, fetch)
    gone = Forgotten(id=row.key, at=AT, origin=row.origin)
    await store.turn(gone, deciding(Idle(), say("forgotten")), NOW, done=row)

    assert not any(isinstance(o.item, Fetch) for o in await claim(store, now=LATER))


async def test_forgetting_twice_is_forgetting_once(store: Store) -> None:
    await talk(store, ANA, 1)
    await forget(store, ANA)

    await store.forget(WHO)

    assert not await claim(store), "who is forgotten from outside hears nothing"


async def test_a_ticket_keeps_its_number_and_nothing_else(store: Store) -> None:
    await talk(store, ANA, 1)
    await store.tickets.open("k1", ANA, ticket_wanted(), NOW)
    await store.tickets.open("k2", BEN, ticket_wanted(), NOW)
    line = AddLine(by="ana", at=AT, text="secret")
    await change(store, 1, line, person=WHO)
    await change(store, 2, line, person=WHO)
    await change(store, 2, AddLine(by="desk", at=AT, text="looking"))

    await store.forget(WHO)

    erased, other = await store.tickets.get(1), await store.tickets.get(2)
    assert erased
    assert other
    assert (erased.state, erased.origin, erased.wanted) == (Erased(), None, None)
    assert {(e.by, e.text) for e in erased.entries} == {("", "")}
    assert other.origin == BEN
    assert [(e.by, e.text) for e in other.entries] == [("ben", ""), ("", ""), ("desk", "looking")]


async def test_nobody_hears_of_a_ticket_that_was_erased(store: Store) -> None:
    await store.tickets.open("k1", ANA, ticket_wanted(), NOW)
    await store.forget(WHO)

    await change(store, 1, Resolve(by="desk", at=AT))

    assert not await claim(store)


async def test_the_next_ticket_has_the_next_number(store: Store) -> None:
    await store.tickets.open("k1", ANA, ticket_wanted(), NOW)
    await store.forget(WHO)

    assert await store.tickets.open("k2", BEN, ticket_wanted(), NOW) == 2


async def live_and_be_forgotten(url: str) -> None:
    """Talk in many places, be refused by some, open a ticket, and ask to be forgotten."""
    async with open_store(url) as store:
        await talk(store, BEN, 1)
        for n in range(30):
            await talk(store, ANA, n)
            await talk(store, ANA_ELSEWHERE, n)
            await talk(store, ANA_HELPS, n)
        await store.tickets.open("ana-key", ANA, ticket_wanted("ana's paste"), NOW)
        for row in await claim(store):
            await store.bury(row, NOW, "the channel is gone")
        await forget(store, ANA)
        (last,) = await claim(store, ANA.conversation)
        await store.bury(last, NOW, "nobody there")


async def test_no_row_of_the_person_is_left_in_any_table(database_url: str) -> None:
    await live_and_be_forgotten(database_url)

    left = everything(database_url)
    assert "ana" not in left
    assert "ben-route" in left, "the others are still there"
    assert count(database_url, "journal") == 93, "counts are kept"
    assert count(database_url, "inbox") == 93


async def test_no_byte_of_the_person_is_left_in_the_file(tmp_path: Path) -> None:
    """Tables, free pages and the log: the whole file is read as bytes."""
    await live_and_be_forgotten(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}")

    left = every_byte(tmp_path)
    assert b"ana" not in left
    assert b"ben-route" in left, "the others are still there"


async def test_what_is_said_at_the_last_moment_leaves_no_byte_either(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}") as store:
        await talk(store, ANA, 1)
        row = await ask_to_forget(store, ANA)
        await store.forget(WHO, sparing=row)
        await talk(store, ANA, 2, AddToTicket(number=1, text="secret of ana"))

        gone = Forgotten(id=row.key, at=AT, origin=row.origin)
        await store.turn(gone, deciding(Idle(), say("forgotten")), NOW, done=row)
        for _ in range(2):
            (reply,) = await claim(store)
            await store.bury(reply, NOW, "nobody there")

    assert b"ana" not in every_byte(tmp_path)


async def test_forgetting_takes_many_bites_while_others_talk(database_url: str) -> None:
    async with open_store(database_url) as store:
        for n in range(450):
            await talk(store, replace(ANA, conversation=f"test:t:{n}"), 1)

        await store.forget(WHO)

        assert not await claim(store)
        assert (await store.load("test:t:0")).version == 0
        assert (await store.load("test:t:449")).version == 0
