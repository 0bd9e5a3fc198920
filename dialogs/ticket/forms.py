"""What is shown to one expert alone: who has it, and the forms behind the card's buttons."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.naming import form_token
from dialogs.replies import Ask, Choice, Field, Row
from dialogs.ticket import cards
from dialogs.ticket.bench import Bench, unclaimed
from dialogs.ticket.state import Claimed, Expert, Waiting
from dialogs.ticket.step import TicketStep

_MOST_EXPERTS = 6
_MOST_DESKS = 4

EXPERT, DESK, CAUSE = "expert:", "desk:", "cause:"
"""What the ids of choices begin with that name one of many."""


def taken(bench: Bench, by: Expert) -> TicketStep:
    """Somebody else was quicker; one press takes it from them."""
    form = _form(bench, "taken", "take-over")
    choices = (Choice("take-over", _label(bench, "take-over")),)
    return bench.stay(_ask(form, choices, rows=(bench.who(by.shown),)))


def form(bench: Bench, what: str) -> TicketStep:
    """Show the form behind a button."""
    match what:
        case "reply":
            field = Field(bench.phrase("reply-field"), _label(bench, "reply"))
            return bench.stay(_ask(_form(bench, "reply-form", what), (), field=field))
        case "resolve":
            return bench.stay(_ask(_form(bench, "resolve-form", what), tuple(_causes(bench))))
        case _:
            field = Field(bench.phrase("assign-field"), _label(bench, "assign"), person=True)
            choices = tuple(_ways(bench))
            return bench.stay(_ask(_form(bench, "assign-form", what), choices, field=field))


def _form(bench: Bench, phrase: str, what: str) -> tuple[str, str]:
    return bench.phrase(phrase), form_token(bench.sheet.number, what)


def _ask(
    form: tuple[str, str],
    choices: tuple[Choice, ...],
    *,
    rows: tuple[Row, ...] = (),
    field: Field | None = None,
) -> Ask:
    text, token = form
    return Ask(text=(text,), token=token, choices=choices, rows=rows, field=field, to="presser")


def _causes(bench: Bench) -> Iterator[Choice]:
    """Yield what it may have been: what was read, what is related to that, and something else."""
    language = cards.spoken(bench.sheet.desk, bench.book)
    for cause in cards.likely_causes(bench.sheet, bench.book):
        yield Choice(f"{CAUSE}{cause}", bench.book.playbook(cause, language).title)
    yield Choice("other-cause", _label(bench, "other-cause"))


def _ways(bench: Bench) -> Iterator[Choice]:
    """Yield to whom it can be given: people, nobody, other channels."""
    sheet, state = bench.sheet, bench.sheet.state
    has_it = state.by.user if isinstance(state, Claimed | Waiting) else ""
    for expert in [it for it in sheet.experts if it.user not in ("", has_it)][:_MOST_EXPERTS]:
        yield Choice(f"{EXPERT}{expert.user}", expert.shown)
    if not unclaimed(state):
        yield Choice("release", _label(bench, "release"))
    elsewhere = (desk for desk in bench.desks if not sheet.desk or desk.key != sheet.desk.key)
    for desk in [*elsewhere][:_MOST_DESKS]:
        yield Choice(f"{DESK}{desk.key}", bench.phrase("to-desk", desk=desk.name))


def _label(bench: Bench, choice: str) -> str:
    return bench.book.label(choice, cards.spoken(bench.sheet.desk, bench.book))
