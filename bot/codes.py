"""What one error code alone says."""

from __future__ import annotations

import re
from http import HTTPStatus

from dialogs.diagnosis.model import Diagnosis
from dialogs.diagnosis.page import lay_out
from dialogs.diagnosis.reading import cause_of_status
from dialogs.library import Library
from dialogs.playbook import CATCH_ALL

_STATUS = re.compile(r"(?:(?:http|status|error|code)[\s:/]*)*([1-5]\d\d)(?:[\s:-]+[a-z ]*)?", re.I)
_PHRASES = {status.phrase.lower().replace(" ", ""): int(status) for status in HTTPStatus}
_LOOK_UP = "https://login.microsoftonline.com/error?code="


def find(code: str, book: Library) -> Diagnosis | None:
    """Return what `code` alone says; without a cause or kind it is an AADSTS number nobody knows.

    None when it is no code.
    """
    code = code.strip()
    if (status := _status_in(code)) is not None:
        return _status(status, book)
    first = next(iter(book.reader.codes.find(lay_out(code))), None)
    if first is None:
        return None
    number = first.name.removeprefix("AADSTS")
    links = {"error": f"{_LOOK_UP}{number}"} if number != first.name else {}
    source = first.source or _worded(first.name, book)
    return _said(first.name, source, book, links=links, codes=(first.name,))


def _worded(code: str, book: Library) -> str | None:
    """Return the cause of a code that is only a sign among others: it often wraps a better one."""
    cause = book.diagnose(code).cause
    return None if cause == CATCH_ALL else cause


def _status_in(code: str) -> int | None:
    """Return the HTTP status that `code` is: "401", "HTTP 401 Unauthorized", "Forbidden"."""
    if numbered := _STATUS.fullmatch(code):
        return int(numbered[1])
    return _PHRASES.get(code.lower().replace(" ", ""))


def _status(number: int, book: Library) -> Diagnosis | None:
    source = cause_of_status(number) or next(
        (kind for kind in book.kinds if number in book.lookalike(kind, "en").statuses), None
    )
    return _said(str(number), source, book, http_status=number) if source else None


def _said(
    text: str,
    source: str | None,
    book: Library,
    *,
    links: dict[str, str] | None = None,
    codes: tuple[str, ...] = (),
    http_status: int | None = None,
) -> Diagnosis:
    cause = source if source in book.causes else None
    return Diagnosis(
        text=text,
        auth_failure=source is None or cause is not None,
        confidence="certain",
        cause=cause,
        kind=None if cause else source,
        who=tuple(book.playbook(cause, "en").who) if cause else (),
        codes=codes,
        http_status=http_status,
        links=links or {},
    )
