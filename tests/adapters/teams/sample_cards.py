"""`python -m tests.adapters.teams.sample_cards`: cards of every shape, by name, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from adapters.teams.elements import Element
from adapters.teams.render import Frame, render
from dialogs.library import Library, load
from dialogs.replies import Ask, Say, Settle
from dialogs.state import Guiding
from dialogs.ticket import AskFor, Claim, Claimed, Open, Resolve, Start, TicketState
from tests.dialogs.talk import Talk
from tests.dialogs.tickets import HERE, KIM, LEE, THERE, by, decided, sheet, wanted

_SHARED = Frame(requester="ann", hint="여기서는 저를 멘션한 메시지만 읽어요.", by="김민지")
_FORM = Frame(back="돌아가기")
_FORBIDDEN = "SharePoint 목록 수정이 403 Forbidden 으로 실패해요. 권한이 없다고 나와요"


def cards(book: Library) -> dict[str, Element]:
    """Return a card of each shape."""
    paste = Talk(book).say("AADSTS50173 on my SharePoint flow, the password was changed")
    settled = Settle(token=paste.ask.token, answer="Done", by="", asked=paste.ask)
    listening = Talk(book).say("비밀번호를 바꿨더니 AADSTS50173 오류가 나요").press("failing")
    return {
        "verdict": render(paste.ask, _SHARED),
        "settled": render(settled, _SHARED),
        "send-on": render(_with_a_quote(book), _SHARED),
        "which-cause": render(Talk(book).say("흐름이 401로 실패해요").ask, _SHARED),
        "field": render(listening.ask, _SHARED),
        **{f"desk-{name}": it for name, it in _of_a_desk().items()},
    }


def _of_a_desk() -> dict[str, Element]:
    """Return the card of a ticket on its way, in Korean, and the forms behind its buttons."""
    desk = replace(HERE, platform="teams", language="ko")

    def after(state: TicketState, kind: type[Any], **more: Any) -> Say:
        at = sheet(
            state,
            desk=None if kind is Start else desk,
            desks=(desk, THERE),
            experts=(LEE, KIM),
            earlier=(3, 5),
            wanted=wanted(language="ko"),
        )
        where = "" if kind is Start else desk.key
        step = decided(at, replace(by(KIM, kind, **more), desk=where))
        return step.card or step.whispers[0]

    taken = Claimed(by=LEE)
    return {
        "open": render(after(Open(), Start)),
        "claimed": render(after(Open(), Claim)),
        "solved": render(after(taken, Resolve, cause="mfa-required")),
        "taken": render(after(taken, Claim), _FORM),
        "what-was-it": render(after(taken, AskFor, what="resolve"), _FORM),
        "to-whom": render(after(taken, AskFor, what="assign"), _FORM),
    }


def _with_a_quote(book: Library) -> Ask:
    talk = Talk(book).say(_FORBIDDEN)
    for _ in range(5):
        if talk.ask.quote or not isinstance(talk.state, Guiding):
            break
        talk.press("failing")
    return talk.ask


if __name__ == "__main__":
    print(json.dumps(cards(load()), ensure_ascii=False))
