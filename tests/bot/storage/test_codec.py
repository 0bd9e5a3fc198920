"""Our values as text and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import Unreadable
from bot.storage.codec import dump, load
from dialogs.events import Event, Origin, Said
from dialogs.replies import Effect, Reply
from dialogs.state import Forgetting, Guiding, Idle, Listening, State
from dialogs.ticket import TicketState
from tests.bot.values import AT, guiding, origin, say

_STORED = [c for u in (State, Reply, Effect, Event, TicketState) for c in get_args(u)]


# Left alone, hypothesis tries every kind of mapping there is; ours are dictionaries.
st.register_type_strategy(Mapping, st.dictionaries(st.text(max_size=5), st.text(max_size=5)))


@pytest.mark.parametrize("kind", [*_STORED, Origin], ids=lambda kind: kind.__name__)
def test_every_stored_value_comes_back_as_it_was(kind: type[object]) -> None:
    @settings(max_examples=50, deadline=None, database=None)
    @given(st.from_type(kind))
    def check(value: object) -> None:
        back = load(dump(value))

        assert back == value
        assert type(back) is type(value)

    check()


def test_a_state_inside_another_keeps_its_class() -> None:
    """The two have the same fields: only the tag tells them apart."""
    inner = Listening(language="ko", case=guiding().case, token="t", cause="c", step="s")

    back = load(dump(Forgetting(language="ko", token="t", back_to=inner)))

    assert isinstance(back.back_to, Listening)
    assert back.back_to == inner


def test_it_is_json_with_the_class_in_front() -> None:
    state = {"Idle": {"language": "ko", "ticket": None}}
    assert json.loads(dump(Idle(language="ko"))) == state


def test_no_two_classes_share_a_tag() -> None:
    assert len({kind.__name__ for kind in _STORED}) == len(set(_STORED))


def test_text_stays_readable() -> None:
    assert "비밀번호" in dump(say("비밀번호"))


def test_a_field_that_is_no_more_is_left_out() -> None:
    assert load('{"Idle":{"language":"ko","mood":"good"}}') == Idle(language="ko")


def test_a_field_that_is_new_has_its_default() -> None:
    assert load('{"Idle":{}}') == Idle()


def test_moments_keep_their_zone() -> None:
    event = Said(id="test:1", at=AT, origin=origin(), text="")

    assert load(dump(event)).at == AT
    assert load(dump(event)).at.utcoffset() == AT.utcoffset()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a stored value"),
        ("null", "not a stored value"),
        ('{"Idle":{}', "no 'Idle'"),
        ('{"Idle":{"language":}}', "no 'Idle'"),
        ('{"Idle":{"language":3}}', "no 'Idle': language: string_type"),
        ('{"Guiding":{"language":"ko"}}', "no 'Guiding': case: missing"),
        ('{"Forgetting":{"language":"ko","token":"t"}}', "no 'Forgetting'"),
        ('{"Forgetting":{"language":"ko","token":"t","back_to":{"Nap":{}}}}', "'Nap'"),
        ('{"Forgetting":[]}', "no 'Forgetting'"),
        ('{"Nap":{}}', "nothing here is called 'Nap'"),
        ('{"str":"x"}', "nothing here is called 'str'"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        load(text)


def test_an_error_does_not_repeat_what_was_written() -> None:
    broken = dump(replace(guiding(), step="my secret")).replace('"my secret"', '["my secret"]')

    with pytest.raises(Unreadable) as error:
        load(broken)

    assert "secret" not in str(error.value)


def test_guiding_is_one_of_them() -> None:
    assert isinstance(load(dump(guiding())), Guiding)
