"""The ways on while a failure is looked at: each function is one, and the table chooses."""

from __future__ import annotations

from dataclasses import replace

from dialogs import cards, casework, found
from dialogs.anywhere import again, aside
from dialogs.case import Case
from dialogs.diagnosis.model import Diagnosis
from dialogs.meaning import Doubtful, Reported, Unrelated
from dialogs.playbook import CATCH_ALL, FIXED, NEW_MESSAGE, NO_PERMISSION, PERSON
from dialogs.replies import OpenTicket
from dialogs.state import Clarifying, Fixed, Guiding, HandingOver, Listening, Offering
from dialogs.turn import Step, Turn
from dialogs.words import fill

_FORBIDDEN = 403
_MOST_CAUSES = 4
"""Buttons of a clarifying question that name a cause."""


def begin(turn: Turn, meaning: Reported | Doubtful | Unrelated) -> Step:
    """Open a case, and give the first answer."""
    return proceed(turn, casework.opened(turn.event, meaning.diagnosis), meaning)


def go_on(turn: Turn, case: Case, meaning: Doubtful | Unrelated) -> Step:
    """Read the case anew: the message is no longer about what it was about."""
    return proceed(turn, casework.reread(case, meaning.diagnosis), meaning)


def proceed(turn: Turn, case: Case, meaning: Reported | Doubtful | Unrelated) -> Step:
    """Answer with what the newest reading of `case` calls for."""
    match meaning:
        case Reported(diagnosis=read):
            return guide(turn, case, read=read)
        case Doubtful(diagnosis=read):
            return clarify(turn, case, read)
        case Unrelated(diagnosis=read, sort="failure"):
            return offer(turn, case, read)
        case Unrelated():
            return offer(turn, case)


def guide(turn: Turn, case: Case, *before: str, read: Diagnosis | None = None) -> Step:
    """Answer with verdict and first step; `read` is what this message held, if not the case's."""
    cause = case.diagnosis.cause or CATCH_ALL
    state = Guiding(
        language=turn.language,
        case=case,
        token=turn.token,
        cause=cause,
        step=turn.book.playbook(cause, turn.language).start,
    )
    return Step(state, (cards.first_answer(turn, state, read or case.diagnosis, *before),))


def pursue(turn: Turn, case: Case, diagnosis: Diagnosis, *before: str) -> Step:
    """Follow a newer reading of `case`: a cause that was tried before is not begun again."""
    newer = casework.reread(case, _with_cause(_still_forbidden(turn, case, diagnosis)))
    if any(one.cause == newer.diagnosis.cause for one in case.tried):
        return other_way(turn, newer, newer.diagnosis.cause or CATCH_ALL)
    return guide(turn, newer, *before, read=diagnosis)


def same_again(turn: Turn, case: Case, cause: str | None, diagnosis: Diagnosis) -> Step:
    """The same failure as before; `cause` is the case's own when None."""
    cause = cause or case.diagnosis.cause or CATCH_ALL
    if not any(one.cause == cause for one in case.tried):
        return pursue(turn, case, diagnosis)
    same = diagnosis.cause == cause
    case = casework.reread(case, diagnosis) if same else casework.noted(case, diagnosis.text)
    return other_way(turn, case, cause)


def other_way(turn: Turn, case: Case, cause: str) -> Step:
    """Take the branch that was not tried yet, or hand over when there is none."""
    playbook = turn.book.playbook(cause, turn.language)
    step = casework.untried_branch(case, cause, playbook)
    if step is None:
        return hand_over(turn, case, "exhausted")
    trail = tuple(dict.fromkeys(one.step for one in case.tried if one.cause == cause))
    state = Guiding(
        language=turn.language, case=case, token=turn.token, cause=cause, step=step, trail=trail
    )
    return Step(state, (cards.ask(turn, state, turn.phrase("branch")),))


def clarify(turn: Turn, case: Case, read: Diagnosis) -> Step:
    """Ask which of several causes it is; `read` is what this message held."""
    diagnosis = _with_cause(case.diagnosis)
    cause = diagnosis.cause or CATCH_ALL
    related = turn.book.playbook(cause, turn.language).related
    likely = [one for one in related if _can_be(turn, diagnosis, one)]
    causes = tuple(dict.fromkeys((cause, *diagnosis.also, *likely)))[:_MOST_CAUSES]
    state = Clarifying(
        language=turn.language,
        case=replace(case, diagnosis=diagnosis),
        token=turn.token,
        causes=causes,
    )
    return Step(state, (cards.with_facts(cards.ask(turn, state), turn, read),))


def _can_be(turn: Turn, diagnosis: Diagnosis, cause: str) -> bool:
    """Tell whether `cause` is worth a button: not what a 403, or another connector, rules out."""
    if cause == CATCH_ALL and diagnosis.http_status == _FORBIDDEN:
        return False  # whoever is forbidden something is signed in
    return turn.book.playbook(cause, turn.language).may_be_of(diagnosis.evidence.connector)


def choose_cause(turn: Turn, state: Clarifying, cause: str) -> Step:
    """Guide through the cause that the person picked; it stays a likely one."""
    playbook = turn.book.playbook(cause, turn.language)
    also = tuple(other for other in state.case.diagnosis.also if other != cause)
    picked = replace(
        state.case.diagnosis, cause=cause, who=tuple(playbook.who), confidence="likely", also=also
    )
    return guide(turn, replace(state.case, diagnosis=picked))


def offer(turn: Turn, case: Case, read: Diagnosis | None = None) -> Step:
    """Say that there is nothing to repair here, and offer a person; `read` as in `clarify`."""
    state = Offering(language=turn.language, case=case, token=turn.token)
    asked = cards.ask(turn, state)
    return Step(state, (cards.with_facts(asked, turn, read) if read else asked,))


def answer_step(turn: Turn, state: Guiding, choice: str) -> Step:
    """Follow the answer to a step."""
    step = turn.book.playbook(state.cause, turn.language).steps[state.step]
    case = casework.tried(state.case, state.cause, state.step, choice, turn.event.at)
    failing = _unless_tried(turn, state, case)
    ways = {"done": step.done, "failing": failing, "person": PERSON, **step.choices}
    return enter(turn, state, case, ways[choice])


def fail_again(turn: Turn, state: Guiding, diagnosis: Diagnosis) -> Step:
    """The step did not help, and the message that it shows now is here already."""
    case = casework.tried(state.case, state.cause, state.step, "failing", turn.event.at)
    case = casework.noted(case, diagnosis.text)
    goto = _unless_tried(turn, state, case)
    if goto == PERSON:
        return hand_over(turn, case)
    if goto == NEW_MESSAGE:
        return other_way(turn, case, state.cause)
    return enter(turn, state, case, goto, turn.phrase("branch"))


def stay(turn: Turn, state: Guiding, diagnosis: Diagnosis) -> Step:
    """The same failure before anything was tried: the step stays, with what is new in it."""
    case = casework.tried(state.case, state.cause, state.step, "again", turn.event.at)
    surer = diagnosis.confidence == "certain" and case.diagnosis.confidence != "certain"
    if diagnosis.cause == state.cause:
        case = casework.reread(case, diagnosis)
    on = replace(state, language=turn.language, case=case, token=turn.token)
    before = (turn.phrase("settled"), *turn.verdict(case.diagnosis)) if surer else ()
    return Step(on, (cards.ask(turn, on, *(before or (turn.phrase("again"),))),))


def enter(turn: Turn, state: Guiding, case: Case, goto: str, *before: str) -> Step:
    """Go from the step of `state` to where `goto` leads."""
    if goto == FIXED:
        return fixed(turn, state, case)
    if goto == PERSON:
        return hand_over(turn, case)
    if goto == NEW_MESSAGE:
        return listen(turn, state, case)
    trail = (*state.trail, state.step)
    on = replace(state, language=turn.language, case=case, token=turn.token, step=goto, trail=trail)
    return Step(on, (cards.ask(turn, on, *before),))


def listen(turn: Turn, state: Guiding | Fixed, case: Case) -> Step:
    """Ask for the message that shows now."""
    on = Listening(
        language=turn.language,
        case=case,
        token=turn.token,
        cause=state.cause,
        step=state.step,
        trail=state.trail,
    )
    return Step(on, (cards.ask(turn, on),))


def fixed(turn: Turn, state: Guiding | Listening, case: Case) -> Step:
    """It works."""
    on = Fixed(
        language=turn.language,
        case=case,
        token=turn.token,
        cause=state.cause,
        step=state.step,
        trail=state.trail,
    )
    return Step(on, (cards.ask(turn, on),))


def still_fixed(turn: Turn, state: Fixed) -> Step:
    """Nothing new was said; the way back stays open."""
    on = replace(state, token=turn.token)
    return Step(on, (cards.question(turn, on, turn.phrase("still-fixed"), *turn.asides()),))


def said_fixed(turn: Turn, state: Guiding | Listening) -> Step:
    """The person wrote that it works, whatever the step."""
    if isinstance(state, Listening):
        return fixed(turn, state, state.case)
    case = casework.tried(state.case, state.cause, state.step, "fixed", turn.event.at)
    return fixed(turn, state, case)


def back(turn: Turn, state: Guiding | Listening | Fixed) -> Step:
    """Ask the question before this one again."""
    if isinstance(state, Guiding):
        step, trail = state.trail[-1], state.trail[:-1]
    else:
        step, trail = state.step, state.trail
    on = Guiding(
        language=turn.language,
        case=state.case,
        token=turn.token,
        cause=state.cause,
        step=step,
        trail=trail,
    )
    return Step(on, (cards.ask(turn, on),))


def note(turn: Turn, state: Clarifying | Guiding | Listening | Offering, phrase: str) -> Step:
    """Keep words that are no error, and ask the question again."""
    on = replace(state, case=casework.noted(state.case, turn.words))
    return again(turn, on, turn.phrase(phrase), briefly=True)


def sent(turn: Turn, state: Guiding) -> Step:
    """The message is with whoever can act: the step is done when they have acted."""
    on = replace(state, case=casework.noted(state.case, turn.words))
    return aside(turn, on, "sent")


def other_failure(turn: Turn, state: Guiding, diagnosis: Diagnosis) -> Step:
    """Something else fails now that is no matter of signing in; the step stays."""
    on = replace(state, case=casework.noted(state.case, turn.words))
    other = turn.book.lookalike(diagnosis.kind or "", turn.language)
    return again(turn, on, fill(other.says, found.in_sentences(diagnosis)), briefly=True)


def hand_over(turn: Turn, case: Case, phrase: str = "passing") -> Step:
    """Pass the case to people."""
    known = turn.title(case.diagnosis)
    return with_ticket(turn, case, turn.phrase(phrase if known else "passing-unknown"))


def with_ticket(turn: Turn, case: Case, said: str) -> Step:
    """Say so, and ask for a ticket that holds the whole case."""
    subject = turn.title(case.diagnosis) or turn.phrase("subject")
    on = HandingOver(language=turn.language, case=case)
    # Its files follow on their own: where they are is nothing for a ticket to keep.
    wanted = OpenTicket(case=replace(case, files=()), subject=subject)
    return Step(on, (turn.say(said),), (wanted,))


def _unless_tried(turn: Turn, state: Guiding, case: Case) -> str:
    """Return where *Still failing* leads; a step that was tried before leads no further."""
    goto = turn.book.playbook(state.cause, turn.language).steps[state.step].failing
    seen = {one.step for one in case.tried if one.cause == state.cause}
    return NEW_MESSAGE if goto in seen else goto


def _still_forbidden(turn: Turn, case: Case, diagnosis: Diagnosis) -> Diagnosis:
    """Words for a refusal after a 403 mean that: in Korean those for both are the same."""
    vague = diagnosis.cause in (None, CATCH_ALL) and not (diagnosis.codes or diagnosis.http_status)
    if case.diagnosis.http_status != _FORBIDDEN or not vague:
        return diagnosis
    who = tuple(turn.book.playbook(NO_PERMISSION, turn.language).who)
    return replace(diagnosis, cause=NO_PERMISSION, who=who, http_status=_FORBIDDEN)


def _with_cause(diagnosis: Diagnosis) -> Diagnosis:
    return diagnosis if diagnosis.cause else replace(diagnosis, cause=CATCH_ALL)
