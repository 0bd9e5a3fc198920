"""When it happened and whose account it was, as a text writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.diagnosis.labels import ending

_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
_NUMBERS = re.compile(
    rf"\d\d{{0,3}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:T|,? {{1,2}}){_CLOCK}"
    r"(?: ?Z(?![a-zA-Z])| ?[+-]\d\d:?\d\d| ?[AaPp][Mm](?![a-zA-Z]))?"
)
_WORDS = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{{2}} \d{{1,2}}|\d{{1,2}} [A-Z][a-z]{{2}})"
    rf" \d{{4}} {_CLOCK} GMT(?:[+-]\d{{4}})?"
)
_LABELS = (
    "timestamp", "utctimestamp", "timeutc", "time", "starttime", "endtime", "date", "datetime",
    "타임스탬프", "시간", "タイムスタンプ", "時刻", "时间戳", "時間戳記", "zeitstempel",
    "horodatage", "marcadetiempo", "carimbodedatahora",
)  # fmt: skip
_OTHER_TIMES = (
    "issuedon", "issued", "tokensvalidfromdate", "thisuseris", "thisuser", "expiryutctime",
    "expires", "expireson", "expiry", "expiredon", "expired", "notbefore", "notafter", "validto",
    "validfrom", "createdtime", "createdon", "modifiedtime", "changedtime", "lastmodified",
    "currentutctime", "since",
)  # fmt: skip
"""Times of something else: when a token was issued, when it ended."""

_AT = re.compile(r"@(?:[a-zA-Z0-9-]{1,63}\.){1,6}[a-zA-Z]{2,24}(?![\w@/]|\.\w)")
_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-#'"
_NOBODY = ("noreply", "no-reply", "flow-noreply", "powerautomatenoreply", "maccount", "git")
_NO_DOMAINS = (".gbl.spaces", ".png", ".jpg", ".gif", ".svg", ".thread.v2", ".skype", ".js")
_ACCOUNT = re.compile(
    r"(?:user|account|upn|userprincipalname|login|signedinas|signinas|connection|owner|email|mail"
    r"|username|loginhint|사용자|계정|소유자|ユーザー|アカウント|用户|帐户|账户|benutzer|konto|utilisateur|compte"
    r"|usuario|cuenta|usuário|conta)(?:name|id|is|for|of|as|von|de|del|에|은|는)?$"
)
_MOST = 200


def find_timestamp(text: str, after: int) -> str | None:
    """Return when it failed, as it stands in `text`.

    A labelled time behind `after` (where the trace id is) counts most, then any labelled one, then
    the first that does not say it is of something else.
    """
    found = list(_times(text)) if ":" in text else []
    labelled = [one for one in found if one[2].endswith(_LABELS)]
    behind = [one for one in labelled if one[0] > after]
    others = (one for one in found if not one[2].endswith(_OTHER_TIMES))
    return next((value for _, value, _ in (*behind, *labelled, *others)), None)


def _times(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield place, time, and the words before it."""
    for pattern in (_NUMBERS, _WORDS) if " GMT" in text else (_NUMBERS,):
        last = 0
        for count, match in enumerate(pattern.finditer(text)):
            if count >= _MOST:
                break
            yield match.start(), match[0], ending(text, last, match.start())
            last = match.end()


def find_account(text: str) -> str | None:
    """Return the account it is about: the address beside a word like "user", or the only one."""
    if "@" not in text:
        return None
    found: dict[str, None] = {}
    for count, match in enumerate(_AT.finditer(text)):
        if count >= _MOST:
            break
        piece = text[max(match.start() - 80, 0) : match.start()]
        start = match.start() - (len(piece) - len(piece.rstrip(_LOCAL)))
        address = text[start : match.end()].lstrip("'.-+%#")
        if not _is_person(address):
            continue
        if _ACCOUNT.search(ending(text, 0, start)):
            return address
        found[address] = None
    return next(iter(found)) if len(found) == 1 else None


def _is_person(address: str) -> bool:
    local, _, domain = address.lower().partition("@")
    return bool(local) and local not in _NOBODY and not ("." + domain).endswith(_NO_DOMAINS)
