"""What only another worker could do, done to the plain functions by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.storage import Conflict, Decision
from bot.storage.layout import lay_out
from bot.storage.transactions.turns import snapshot, turn
from dialogs.state import State
from tests.bot.values import NOW, deciding, guiding, origin, said

HERE = "test:t:c"


@pytest.fixture
def db() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        lay_out(connection)
        yield connection
    engine.dispose()


def test_a_conversation_that_moved_on_meanwhile_is_a_conflict(db: sa.Connection) -> None:
    turn(db, said("test:1"), deciding(guiding()), NOW, None)

    def decide(state: State) -> Decision:
        db.exec_driver_sql("UPDATE conversation SET version = version + 1")
        return deciding(guiding("late"))(state)

    with pytest.raises(Conflict), db.begin_nested():
        turn(db, said("test:2"), decide, NOW, None)

    assert snapshot(db, HERE).state == guiding()


def test_a_conversation_that_began_meanwhile_is_a_conflict(db: sa.Connection) -> None:
    def decide(state: State) -> Decision:
        turn(db, said("test:2", where=origin(user="other")), deciding(guiding()), NOW, None)
        return deciding(guiding("late"))(state)

    with pytest.raises(Conflict), db.begin_nested():
        turn(db, said("test:1"), decide, NOW, None)

    assert snapshot(db, HERE).version == 0
