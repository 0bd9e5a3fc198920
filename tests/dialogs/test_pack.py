"""The evidence that goes with a ticket."""

from __future__ import annotations

from dialogs.case import Case
from dialogs.diagnosis.model import Diagnosis, Evidence
from dialogs.library import load
from dialogs.pack import pack
from dialogs.replies import OpenTicket
from tests.dialogs.fakes import ordered
from tests.dialogs.talk import NOON, Talk

BOOK = load()


def handed_over(language: str) -> Case:
    talk = Talk(ordered()).say(
        f"password-changed code=AADSTS50173 connector=SharePoint language={language} run"
    )
    talk.press("not-mine").say("it belongs to Kim").press("person")
    (ticket,) = talk.effects
    assert isinstance(ticket, OpenTicket)
    return ticket.case


def test_tells_cause_codes_steps_answers_and_times() -> None:
    lines = "\n".join(pack(handed_over("en"), BOOK, "en").lines())

    assert "Cause: Signed out by a password change (password-changed, certain)" in lines
    assert "Who can fix it: whoever made the connection" in lines
    assert "Code: AADSTS50173" in lines
    assert "Connector: SharePoint" in lines
    assert "Run: https://make.powerautomate.com/" in lines
    assert "  22 Nov 12:02 UTC · Open Connections, find the SharePoint connection" in lines
    assert "→ Not my connection\n" in lines
    assert "Also written:\n  it belongs to Kim" in lines
    assert "Message:\n  password-changed code=AADSTS50173" in lines


def test_a_step_is_named_by_a_whole_sentence() -> None:
    talk = Talk(BOOK).say("AADSTS50173").press("done").press("done").press("person")
    (ticket,) = talk.effects
    assert isinstance(ticket, OpenTicket)

    tried = pack(ticket.case, BOOK, "en").tried

    assert all(step.partition(" → ")[0].endswith((".", "…")) for step in tried)
    assert "Go back to Connections: the connection now shows Connected" in tried[1]


def test_speaks_the_language_of_whoever_reads_it() -> None:
    lines = "\n".join(pack(handed_over("ko"), BOOK, "ko").lines())

    assert "원인: 비밀번호" in lines
    assert "→ 내 연결이 아니에요" in lines
    assert "11월 22일 12:02 UTC" in lines


def test_has_a_row_for_everything_that_can_be_found() -> None:
    evidence = Evidence(
        connector="SharePoint",
        action="Get items",
        flow="Invoices",
        environment="Default-1",
        flow_id="f-1",
        run_id="r-1",
        solution_id="s-1",
        connection_id="c-1",
        tenant="t-1",
        correlation_id="co-1",
        trace_id="tr-1",
        request_id="re-1",
        timestamp="2026-11-22T09:14:03Z",
        account="ann@contoso.example",
    )
    diagnosis = Diagnosis(
        text="text",
        auth_failure=True,
        confidence="likely",
        cause="not-permitted",
        http_status=403,
        evidence=evidence,
        also=("mfa-required",),
    )
    case = Case(opened_at=NOON, diagnosis=diagnosis, earlier=("password-changed",))

    rows = {row.heading: row.value for row in pack(case, BOOK, "en").rows}

    for value in ("Get items", "Invoices", "Default-1", "f-1", "r-1", "s-1", "c-1", "t-1", "co-1"):
        assert value in rows.values()
    assert rows["HTTP status"] == "403"
    assert rows["Also named"] == "Multi-factor sign-in required"
    assert rows["Before that"] == "Signed out by a password change"


def test_a_case_without_any_message_or_of_older_content_can_be_shown() -> None:
    nothing = Diagnosis(text="", auth_failure=False, confidence="unsure")
    gone = Diagnosis(
        text="x", auth_failure=True, confidence="certain", cause="gone", also=("gone",)
    )

    assert list(pack(Case(opened_at=NOON, diagnosis=nothing), BOOK, "xx").lines()) == []
    assert list(pack(Case(opened_at=NOON, diagnosis=gone, earlier=("gone",)), BOOK, "en").lines())
