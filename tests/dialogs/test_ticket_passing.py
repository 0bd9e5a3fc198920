"""What passes between the two sides of a ticket: files, answers, changes of them."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.events import (
    Attached,
    File,
    TicketAnswered,
    TicketUnpassed,
)
from dialogs.ticket import (
    AddLine,
    Answer,
    Correct,
    Open,
    Unpassed,
    Unsay,
)
from tests.dialogs.ticket_samples import KIMS, WAITS
from tests.dialogs.tickets import (
    AT,
    HERE,
    KIM,
    by,
    decided,
    sheet,
)


def test_a_file_goes_to_the_desk_with_words_for_where_it_cannot_be_shown() -> None:
    file = File("a.pdf", {"id": "F1"}, "other", "https://files.test/a.pdf")

    step = decided(sheet(Open()), AddLine(by="ann", at=AT, text="", file=file))

    (line,) = (it.reply for it in step.shown)
    assert line.file == Attached(file, "test", 7)
    assert line.facts == ("a.pdf",)
    assert line.otherwise
    assert [link.url for link in line.links] == [file.link]
    assert step.text == "a.pdf", "the journal names it, and keeps nothing of it"


def test_of_a_long_text_the_beginning_is_shown_and_all_of_it_kept() -> None:
    text = "line\n" * 3000

    step = decided(sheet(Open()), AddLine(by="ann", at=AT, text=text, file=File("a.log", {})))

    (line,) = (it.reply for it in step.shown)
    assert 100 < len(line.quote) <= 4000
    assert any("flowmend tickets" in said for said in line.text)
    assert step.text == f"a.log\n{text}"


def test_words_and_files_of_an_answer_are_told_in_their_order() -> None:
    files = (File("a.png", {}, "picture"), File("b.log", {}))

    step = decided(sheet(KIMS), by(KIM, Answer, text="look", files=files, of="test:m1"))

    heard = [it for it in step.tells if isinstance(it, TicketAnswered)]
    assert [(it.text, it.file and it.file.file.name) for it in heard] == [
        ("look", None),
        ("", "a.png"),
        ("", "b.log"),
    ]
    assert len({it.id for it in heard}) == 3
    assert all(it.file is None or it.file.platform == HERE.platform for it in heard)


@pytest.mark.parametrize("sender", ["desk", "requester"])
def test_whoever_sent_what_is_not_shown_hears_so(sender: Any) -> None:
    step = decided(sheet(KIMS), Unpassed(by="", at=AT, name="a.png", sender=sender))

    told = [it for it in step.tells if isinstance(it, TicketUnpassed)]
    lines = [it.reply for it in step.shown if it.reply.under]
    assert (len(told), len(lines)) == ((0, 1) if sender == "desk" else (1, 0))


def test_a_change_is_made_where_the_words_were_said() -> None:
    first = decided(sheet(KIMS), by(KIM, Answer, text="one", of="test:m1"))
    again = decided(sheet(WAITS), by(KIM, Correct, text="two", of="test:m1"))
    gone = decided(sheet(WAITS), by(KIM, Unsay, of="test:m1"))

    lines = [it.reply for step in (first, again, gone) for it in step.shown if it.reply.under]
    assert len({line.line for line in lines}) == 1
    assert [line.change for line in lines] == ["", "edit", "unsay"]
    heard = [it for step in (first, again, gone) for it in step.tells]
    assert {getattr(it, "line", "") for it in heard} == {lines[0].line}
