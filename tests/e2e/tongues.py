"""`python -m tests.e2e.tongues`: what is written, read and pressed in a hand-over, as JSON.

By language and name. `{ticket}` and `{expert}` are still to be filled in.
"""

from __future__ import annotations

import json

from dialogs.library import Library, load
from dialogs.markup import unmarked
from dialogs.words import Words

LANGUAGES = {"English": "en", "Korean": "ko"}
_WRITTEN = {
    "English": {
        "paste": "AADSTS50173: The provided grant has expired due to it being revoked. SharePoint",
        "desk": "desk here team support language en",
        "code": "AADSTS50173",
        "step": "Step 1 of 3",
        "advice": "Please sign in again with the new password",
        "more advice": "Then use a connection of your own",
        "adds": "I did, and saw the same error again",
        "aside": "poor soul, third time this week",
    },
    "Korean": {
        "paste": "관리자가 다단계 인증을 켠 뒤로 SharePoint 흐름이 AADSTS50079 오류로 멈췄어요",
        "code": "AADSTS50079",
        "desk": "데스크 등록 team 지원 language ko",
        "step": "4단계 중 1단계",
        "advice": "다단계 인증을 거쳐 다시 로그인해 주세요",
        "more advice": "그러면 본인 연결로 바꿔 주세요",
        "adds": "해 봤는데 같은 오류가 나와요",
        "aside": "이번 주에만 세 번째네요",
    },
}
"""What people write, and what only a story of this cause shows: each language has one of its own,
as the same problem of the same person would be the same ticket."""
_CAUSES = {"en": "password-changed", "ko": "mfa-required"}
_LABELS = {
    "person": "person",
    "fails": "failing",
    "other": "other-cause",
    **{it: it for it in ("claim", "reply", "retry", "resolve", "assign", "reopen")},
}
_PHRASES = {
    "handed over": "opened",
    "has it": "claimed",
    "answers": "answered",
    "passed on": "added",
    "asked": "retry",
    "told": "retry-fails",
    "failed": "still-fails",
    "is solved": "resolved",
    "is open again": "reopened",
    "back": "form-back",
}
_DESK = {
    "made": "desk-on",
    "field": "reply-field",
    "mark": "mark",
    "sent": "answered",
    "what": "resolve-form",
}
_STATUS = {"open": "is-open", "open again": "is-reopened"}
_STATUS_OF = {"taken": "is-claimed", "waits": "is-waiting", "solved": "is-resolved"}
"""Those with somebody's name behind it."""


def tongues() -> dict[str, dict[str, str]]:
    """Return all of it."""
    book = load()
    return {name: _WRITTEN[name] | _read(book, language) for name, language in LANGUAGES.items()}


def _read(book: Library, language: str) -> dict[str, str]:
    words = book.words[language]
    found = {name: words.labels[key] for name, key in _LABELS.items()}
    found |= {name: words.phrases[key] for name, key in _PHRASES.items()}
    found |= {name: words.desk[key] for name, key in _DESK.items()}
    found |= {name: _status(words, key) for name, key in _STATUS.items()}
    found |= {name: f"{_status(words, key)} · {{expert}}" for name, key in _STATUS_OF.items()}
    found["cause"] = book.playbook(_CAUSES[language], language).title
    return {name: unmarked(text) for name, text in found.items()}


def _status(words: Words, key: str) -> str:
    return f"{words.desk['row-status']}: {words.desk[key]}"


if __name__ == "__main__":
    print(json.dumps(tongues(), ensure_ascii=False))
