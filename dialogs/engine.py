"""The one place that decides. The same state, event and library always give the same answer.

Read `_decide` as a table: each `case` is one row, (where we are, what it means) on the left and the
way on to the right; the first row that fits counts. What an event means (`meaning.py`) is found out
in `understanding.py`; the ways on are in `moves.py` (the failure), `people.py` (the desk),
`waiting.py` (silence), `beside.py` (what happens beside the talk), `enclosures.py` (files) and
`anywhere.py` (words that always work). Where a row is silent, it says why.
"""

from __future__ import annotations

from dialogs import (
    anywhere,
    beside,
    cards,
    enclosures,
    moves,
    people,
    settling,
    tongue,
    waiting,
)
from dialogs.anywhere import again
from dialogs.events import (
    Arrived,
    Elapsed,
    Event,
    Forgotten,
    TicketAnswered,
    TicketClaimed,
    TicketClosed,
    TicketDelayed,
    TicketOpened,
    TicketPassed,
    TicketRefused,
    TicketReopened,
    TicketResolved,
    TicketRetry,
    TicketUnpassed,
    TicketUnsaid,
    TicketWaits,
    Unfetched,
)
from dialogs.library import Library
from dialogs.meaning import (
    Answered,
    Beside,
    Blank,
    Commanded,
    Corrected,
    Doubtful,
    Enclosed,
    Looked,
    Meaning,
    NoSuchChoice,
    NotYours,
    Outdated,
    Reported,
    Rewritten,
    Unread,
    Unrelated,
    Unsaid,
    Withdrawn,
)
from dialogs.mend import fitting
from dialogs.replies import Reply
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Lapsed,
    Listening,
    Offering,
    Retrying,
    State,
)
from dialogs.turn import Step, Turn
from dialogs.understanding import understand

__all__ = ["Step", "advance", "current"]


def advance(state: State, event: Event, book: Library) -> Step:
    """Return what `event` does to a conversation in `state`: its next state, replies, effects."""
    state = fitting(state, book)
    meaning = understand(state, event, book)
    spoken = tongue.spoken(state, meaning, event, book)
    turn = Turn(book, spoken, event, isinstance(state, HandingOver | HandedOver | Retrying))
    if state.language != turn.language and (
        state.language or tongue.own(state, meaning, event, book)
    ):
        state = anywhere.in_language(state, turn.language)
    step = settling.settled(state, _decide(state, meaning, turn), meaning, turn)
    return waiting.timed(state, enclosures.enclosed(turn, state, step), turn)


def current(state: State, event: Event, book: Library) -> tuple[Reply, ...]:
    """Return the question that is open in `state`, as it stands; `event` moves nothing."""
    state = fitting(state, book)
    turn = Turn(book, state.language or book.policy.language, event)
    return (cards.ask(turn, state),) if isinstance(state, cards.Question) else ()


_BECAME = {
    Corrected: "message-edited",
    Withdrawn: "message-deleted",
    Rewritten: "message-changed",
}
"""What people hear of a message that they have been told."""


def _decide(state: State, meaning: Meaning, turn: Turn) -> Step:  # noqa: C901 - the table: one row a case
    match state, meaning:
        # The last word about somebody
        case _, Forgotten():
            return Step(Idle(), (turn.say(turn.phrase("forgotten")),))

        # Beside the talk
        case _, Looked(diagnosis=diagnosis):
            return beside.look(turn, state, diagnosis)
        case _, NotYours():
            return beside.not_yours(turn, state)
        case _, Unfetched(file=file) | Unread(file=file):
            return enclosures.unread(turn, state, file)
        case Clarifying() | Guiding() | Listening() | Offering(), Corrected():
            return beside.corrected(turn, state, meaning)
        case HandingOver(), Corrected() | Withdrawn() | Rewritten():
            return beside.keep_for_people(turn, state, _BECAME[type(meaning)])
        case ((HandedOver() | Retrying()), Corrected() | Withdrawn()):
            return beside.tell_people(turn, state, _BECAME[type(meaning)])
        case ((HandedOver() | Retrying()), Rewritten()):
            return beside.rewrite(turn, state)
        case ((HandedOver() | Retrying()), Unsaid(of=of)):
            return beside.unsay(state, of)
        case Fixed(ticket=None) | Clarifying() | Guiding() | Listening() | Offering(), Withdrawn():
            return beside.withdrawn(state)
        case Lapsed() | Forgetting(), Corrected() | Withdrawn():
            return _as_before(turn, state)
        case _, Beside() | Corrected() | Withdrawn() | Rewritten() | Unsaid():
            return Step(state)  # nothing here depends on that message any more

        # Nobody answers
        case Clarifying() | Guiding() | Listening(), Elapsed(timer="remind"):
            return waiting.remind(turn, state)
        case Clarifying() | Guiding() | Listening(), Elapsed(timer="close"):
            return waiting.close(turn, state)
        case _, Elapsed():
            return Step(state)  # nothing is waited for any more

        # Words that work everywhere
        case _, Commanded(name="language", language=language):
            return anywhere.speak(turn, state, language)
        case Forgetting(), Answered(choice="yes"):
            return anywhere.forget(turn)
        case Forgetting(), Answered():
            return anywhere.keep(turn, state)
        case Forgetting(), Arrived() | Outdated() | Blank() | Commanded(name="forget"):
            return again(turn, state)
        case _, NoSuchChoice():
            return again(turn, state, turn.phrase("no-such-choice"))
        case Forgetting(), _:
            return _as_before(turn, state)
        case Lapsed(), Arrived() | Blank() | Commanded(name="help" | "status"):
            return again(turn, state)
        case Lapsed(back_to=before), Answered(choice="resume") | Outdated():
            return again(turn, before)
        case Lapsed(back_to=before), Answered():
            return moves.hand_over(turn, before.case)
        case Lapsed(), _:
            return _as_before(turn, state)
        case _, Arrived():
            return anywhere.arrived(turn, state)
        case _, Outdated():
            return anywhere.outdated(turn, state)
        case _, Blank(pictures=pictures):
            return anywhere.blank(turn, state, pictures=pictures)
        case _, Commanded(name="status"):
            return anywhere.status(turn, state)
        case Clarifying() | Guiding() | Listening(), Commanded(name="explain"):
            return anywhere.explain(turn, state)
        case Clarifying() | Guiding() | Listening(), Commanded(name="later"):
            return anywhere.aside(turn, state, "later")
        case Guiding(), Commanded(name="sent"):
            return moves.sent(turn, state)
        case _, Commanded(name="where"):
            return anywhere.where(turn, state)
        case Guiding(), Commanded(name="whose"):
            return anywhere.aside(turn, state, "send-on")
        case Guiding() | Listening(), Commanded(name="not-for-me"):
            return anywhere.aside(turn, state, "not-for-me")
        case _, Commanded(name="help"):
            return anywhere.help_words(turn, state)
        case _, Commanded(name="start-over"):
            return anywhere.start_over(turn, state)
        case _, Commanded(name="forget"):
            return anywhere.ask_to_forget(turn, state)
        case Guiding(trail=(_, *_)) | Listening() | Fixed(ticket=None), Commanded(name="back"):
            return moves.back(turn, state)
        case _, Commanded(name="back"):
            return anywhere.first_step(turn, state)

        # What the desk says
        case HandingOver(), TicketOpened(number=number):
            return people.opened(turn, state, number)
        case HandingOver(), TicketRefused():
            return people.refused(turn, state)
        case HandedOver(), TicketRefused():
            return people.renew(turn, state)
        case _, TicketRefused():
            return Step(state)  # nobody waits for this ticket any more
        case HandedOver(ticket=mine), TicketOpened(number=number) if mine == number:
            return Step(state)  # told already
        case Idle(ticket=mine), TicketResolved(number=n) | TicketClosed(number=n) if mine == n:
            return people.ended_left(turn, state, meaning)
        case ((HandedOver() | Retrying()), TicketResolved(number=number)) if state.ticket == number:
            return people.resolved(turn, state)
        case ((HandedOver() | Retrying()), TicketClosed(number=number)) if state.ticket == number:
            return people.closed(turn, state)
        case HandedOver(ticket=mine), TicketRetry(number=number) if mine == number:
            return people.retry(turn, state)
        case _, TicketAnswered(file=None):
            return people.answered(turn, state, meaning)
        case _, TicketAnswered():
            return enclosures.from_people(turn, state, meaning)
        case _, TicketUnsaid():
            return people.unsaid(turn, state, meaning)
        case _, TicketUnpassed():
            return enclosures.unpassed(turn, state, meaning)
        case _, TicketDelayed():
            return people.delayed(turn, state, meaning)
        case _, TicketPassed():
            return people.passed(turn, state, meaning)
        case _, TicketClaimed() | TicketRetry() | TicketWaits() | TicketClosed():
            return people.news(turn, state, meaning)
        case Fixed(ticket=mine), TicketResolved(number=number) if mine == number:
            return Step(state)  # told already
        case HandedOver(ticket=mine) | Fixed(ticket=mine), TicketReopened(number=number) if (
            mine == number
        ):
            return people.reopened(turn, state, number)
        case _, TicketOpened() | TicketResolved() | TicketReopened():
            return people.news(turn, state, meaning)

        # People have it
        case HandingOver(), Commanded():
            return again(turn, state)
        case HandingOver(), _:
            return people.keep(turn, state)
        case ((HandedOver() | Retrying()), Commanded(name="withdraw")):
            return people.withdraw(turn, state)
        case Idle(ticket=int(number)), Commanded(name="withdraw"):
            return people.withdraw_left(turn, number)
        case ((HandedOver() | Retrying()), Commanded(name="fixed") | Answered(choice="fixed")):
            return people.works(turn, state)
        case Retrying(), Answered():
            return people.retry_fails(turn, state)
        case Retrying(), Commanded():
            return again(turn, state)
        case Retrying(), _:
            return _decide(people.without_question(state), meaning, turn)
        case HandedOver(), Commanded():
            return again(turn, state)
        case HandedOver(), Enclosed():
            return people.add_files(turn, state)
        case HandedOver(), Reported(how="other"):
            return people.add(turn, state, "added-other")
        case HandedOver(), _:
            return people.add(turn, state)

        # A person is asked for
        case Fixed(ticket=int(number)), Commanded(name="person"):
            return people.reopen(turn, state, number)
        case Idle(), Commanded(name="person"):
            return people.call_people(turn)
        case Guiding(), Answered(choice="person"):
            return moves.answer_step(turn, state, "person")
        case Clarifying() | Listening() | Offering(), Answered(choice="person"):
            return moves.hand_over(turn, state.case)
        case Fixed(), Commanded(name="person"):
            return moves.hand_over(turn, state.case)

        # Nothing is going on
        case Idle(), Reported() | Doubtful() | Unrelated():
            return moves.begin(turn, meaning)
        case Guiding() | Listening() | Offering() | Fixed(), Reported(how="new") | Doubtful(
            how="new"
        ):
            return moves.begin(turn, meaning)

        # One question to find the cause
        case Clarifying(), Answered(choice="none"):
            return moves.offer(turn, state.case)
        case Clarifying(), Answered(choice=cause):
            return moves.choose_cause(turn, state, cause)
        case Clarifying(), Reported() | Doubtful():
            return moves.pursue(turn, state.case, meaning.diagnosis)
        case Clarifying() | Listening(), Unrelated(sort="failure"):
            return moves.go_on(turn, state.case, meaning)
        case Clarifying() | Guiding() | Listening(), Unrelated(sort="chat"):
            return again(turn, state, turn.phrase("here"), briefly=True)
        case Clarifying(), Unrelated():
            return moves.note(turn, state, "noted-briefly")

        # Step by step
        case Guiding(), Answered(choice=choice):
            return moves.answer_step(turn, state, choice)
        case Guiding(), Reported(how="again"):
            return moves.stay(turn, state, meaning.diagnosis)
        case Guiding(), Reported(how="same"):
            return moves.fail_again(turn, state, meaning.diagnosis)
        case Guiding() | Listening(), Reported(how="other"):
            return moves.pursue(turn, state.case, meaning.diagnosis, turn.phrase("changed"))
        case Guiding() | Listening(), Commanded(name="done" | "fixed") | Unrelated(sort="solved"):
            return moves.said_fixed(turn, state)
        case Guiding(), Unrelated(sort="failure"):
            return moves.other_failure(turn, state, meaning.diagnosis)
        case Guiding(), Unrelated() | Doubtful():
            return moves.note(turn, state, "noted")

        # "Send me the message that it shows now"
        case Listening(), Answered():
            return moves.other_way(turn, state.case, state.cause)
        case Listening(), Doubtful(how="other"):
            return moves.go_on(turn, state.case, meaning)
        case Listening(), Reported() | Doubtful():
            return moves.same_again(turn, state.case, state.cause, meaning.diagnosis)
        case Listening(), Unrelated():
            return moves.note(turn, state, "noted-briefly")

        # There was nothing to repair
        case Offering(), Reported(how="same"):
            return moves.same_again(turn, state.case, None, meaning.diagnosis)
        case Offering(), Reported():
            return moves.pursue(turn, state.case, meaning.diagnosis)
        case Offering(), Doubtful(how="same"):
            return moves.note(turn, state, "noted-briefly")
        case Offering(), Doubtful() | Unrelated():
            return moves.go_on(turn, state.case, meaning)

        # It worked
        case Fixed(ticket=int(number)), Answered():
            return people.reopen(turn, state, number)
        case Fixed(ticket=int(number)), Reported(how="same") | Doubtful(how="same"):
            return people.reopen(turn, state, number, turn.words)
        case Fixed(), Answered():
            return moves.listen(turn, state, state.case)
        case Fixed(), Reported(how="same") | Doubtful(how="same"):
            return moves.same_again(turn, state.case, state.cause, meaning.diagnosis)
        case Fixed(), Reported() | Doubtful() | Unrelated(sort="failure"):
            return moves.begin(turn, meaning)
        case Fixed(), Unrelated():
            return moves.still_fixed(turn, state)

        case _:  # an answer or a command that means nothing here
            return again(turn, state)


def _as_before(turn: Turn, state: Forgetting | Lapsed) -> Step:
    """Something else came than what was asked for: go on where the conversation was before."""
    before = state.back_to
    step = _decide(before, understand(before, turn.event, turn.book), turn)
    if settling.token(step.state) is None or settling.token(step.state) != settling.token(before):
        return step
    asked = again(turn, step.state)
    return Step(asked.state, step.replies + asked.replies, step.effects)
