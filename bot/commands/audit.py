"""`flowmend audit`: who did what, when."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from adapters.console.render import printable
from bot import clock
from bot.commands.administering import duration, one_line, with_store
from bot.errors import UserError
from bot.people import label
from bot.settings import read_existing
from bot.storage import Store
from bot.storage.keeping import Act, Deed

WORDS: Mapping[Deed, str] = {
    "began": "began a conversation",
    "handed-over": "asked for a person",
    "opened": "opened {about}",
    "claimed": "claimed {about}",
    "assigned": "assigned {about}",
    "released": "released {about}",
    "transferred": "moved {about} to another desk",
    "answered": "answered on {about}",
    "retry": "asked to try {about} again",
    "resolved": "resolved {about}",
    "reopened": "reopened {about}",
    "withdrawn": "withdrew {about}",
    "closed": "closed {about}",
    "desk-on": "made {about} a desk",
    "desk-off": "ended the desk {about}",
    "forgot": "forgot somebody: {about}",
    "purged": "purged what is {about}",
    "backed-up": "backed up to {about}",
    "sent-again": "sent {about} again",
    "dropped": "dropped {about}",
}
"""How each deed is told."""
_IN_THE_CHAT = "asked to be forgotten"


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("--since", metavar="WHEN", help="only what came later: 7d, or 2026-01-31")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "Conversations that began, hand-overs, tickets, and what administrators did, the newest\n"
        "last. People are named as platform:user, 'forgotten' once they were. What people did\n"
        "goes with 'flowmend purge'; what administrators did stays.\n\n"
        "example:\n  flowmend audit --since 7d"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read_existing({"database": args.database})
    since = _since(args.since) if args.since else 0

    async def work(store: Store) -> None:
        async for act in store.audit.read(since):
            print(_object(act) if args.jsonl else printable(_line(act)))

    with_store(settings, work)
    return 0


def _since(text: str) -> int:
    if text[-1:].isalpha() and text[:1].isdigit():
        ago = duration("--since", text)
        return clock.milliseconds(clock.now()) - clock.in_milliseconds(ago)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"--since: '{text}' is no time; write 7d, or 2026-01-31") from None
    return clock.milliseconds(at if at.tzinfo else at.replace(tzinfo=UTC))


def _line(act: Act) -> str:
    words = WORDS[act.what]
    if act.what == "forgot" and not act.about:
        words = _IN_THE_CHAT
    return f"{_time(act):%Y-%m-%d %H:%M:%S} UTC  {label(act.who):<20}  " + one_line(
        words.format(about=act.about)
    )


def _object(act: Act) -> str:
    found = {
        "at": f"{_time(act):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
        "who": label(act.who),
        "what": act.what,
        "about": act.about,
    }
    return json.dumps(found, ensure_ascii=False)


def _time(act: Act) -> datetime:
    return datetime.fromtimestamp(act.at / 1000, UTC)
