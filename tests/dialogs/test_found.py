"""What a diagnosis found, as it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs import found
from dialogs.diagnosis.model import Diagnosis, Evidence
from dialogs.library import load

BOOK = load()
NOTHING = Diagnosis(text="", auth_failure=True, confidence="certain", cause="not-permitted")


def seen(**evidence: str) -> Diagnosis:
    return replace(NOTHING, evidence=Evidence(**evidence))


@pytest.mark.parametrize(
    ("codes", "status", "code"),
    [
        ((), None, None),
        ((), 403, "403"),
        (("AADSTS50173",), 401, "AADSTS50173"),
        (("-2147024891", "UnauthorizedAccessException"), 403, "UnauthorizedAccessException"),
        (("**bold**", "DlpViolation"), None, "DlpViolation"),
    ],
)
def test_quotes_the_code_that_says_most(
    codes: tuple[str, ...], status: int | None, code: str | None
) -> None:
    assert found.code(replace(NOTHING, codes=codes, http_status=status)) == code


@pytest.mark.parametrize("connector", ["**Bold**", "[x](https://evil.example)", "<b>", "x" * 41])
def test_a_name_of_unknown_form_never_stands_in_our_sentences(connector: str) -> None:
    assert found.in_sentences(seen(connector=connector)) == {}
    assert found.facts(seen(connector=connector), BOOK, "en") == (connector,)


@pytest.mark.parametrize(
    ("stamp", "english", "korean"),
    [
        ("2026-11-22T09:14:03Z", "22 Nov 09:14 UTC", "11월 22일 09:14 UTC"),
        ("2026-11-22T18:14:03.1234567+09:00", "22 Nov 09:14 UTC", "11월 22일 09:14 UTC"),
        ("2026-01-02 09:14:03", "2 Jan 09:14", "1월 2일 09:14"),
        ("22/11/2026 9:14 AM", "22/11/2026 9:14 AM", "22/11/2026 9:14 AM"),
        ("0001-01-01T00:00:00+09:00", "0001-01-01T00:00:00+09:00", "0001-01-01T00:00:00+09:00"),
    ],
)
def test_shows_a_time_that_can_be_read_in_utc(stamp: str, english: str, korean: str) -> None:
    assert found.facts(seen(timestamp=stamp), BOOK, "en") == (english,)
    assert found.facts(seen(timestamp=stamp), BOOK, "ko") == (korean,)


def test_shortens_a_run_and_leaves_a_short_one() -> None:
    long = seen(run_id="08584631295577731210487651234CU17")

    assert found.facts(long, BOOK, "en") == ("run 0858…CU17",)
    assert found.facts(seen(run_id="run-1"), BOOK, "en") == ("run run-1",)


def test_a_later_message_about_the_same_flow_keeps_what_was_known_of_it() -> None:
    earlier = replace(
        seen(environment="E1", run_id="R1", trace_id="T1"),
        links={"run": "https://x.example/R1", "error": "https://x.example/1"},
    )

    later = found.joined(earlier, replace(NOTHING, text="later"))

    assert (later.evidence.environment, later.evidence.run_id) == ("E1", "R1")
    assert later.evidence.trace_id is None
    assert later.links == {"run": "https://x.example/R1"}


def test_a_later_message_about_another_flow_keeps_nothing() -> None:
    earlier = replace(seen(environment="E1", run_id="R1"), links={"run": "https://x.example/R1"})

    later = found.joined(earlier, seen(environment="E2"))

    assert later == seen(environment="E2")
