"""`flowmend outbox`: what waits to be delivered, and what was put aside."""

from __future__ import annotations

import argparse
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress

from adapters.console.render import printable
from bot import clock
from bot.commands.administering import act, age, minute, one_line, with_store
from bot.errors import UserError
from bot.people import full_name, label
from bot.settings import read_existing
from bot.storage import Store
from bot.storage.keeping import Handled, Letter

_MOST = 1000
_ALL = "all"
_LONGEST_ID = 18
_ERROR = 100
"""Characters of an error in the list; `show` shows all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "retry", "drop"),
        default="list",
        help="what to do (default: list)",
    )
    parser.add_argument("id", metavar="ID", nargs="?", help="which one; 'retry all' takes all dead")
    parser.add_argument("--database", metavar="URL", help="goes before FLOWMEND_DATABASE")
    parser.epilog = (
        "A delivery that fails too often, or for good, is put aside as a dead letter, so that\n"
        "what comes after it is not held up. 'retry' sends it again, after what waits in its\n"
        "conversation by now; a delivery that waits is tried at once. 'drop' deletes it. All of\n"
        "this works beside a running service, which does the sending.\n\n"
        "examples:\n"
        "  flowmend outbox\n"
        "  flowmend outbox show 12\n"
        "  flowmend outbox retry all"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read_existing({"database": args.database})
    for line in with_store(settings, _work(args.action, args.id)):
        print(printable(line))
    return 0


def _work(action: str, given: str | None) -> Callable[[Store], Awaitable[list[str]]]:
    if action == "list":
        if given is not None:
            raise UserError(f"'list' takes no id; 'flowmend outbox show {given}' does")
        return _listed
    if given is None:
        raise UserError(f"which one? For example: flowmend outbox {action} 12")
    if action == "retry" and given == _ALL:
        return _all_again
    if not (given.isascii() and given.isdecimal() and len(given) <= _LONGEST_ID):
        raise UserError(f"'{given}' is no id; 'flowmend outbox' lists them")
    id = int(given)

    async def work(store: Store) -> list[str]:
        letter = await store.letters.get(id)
        if letter is None:
            raise _unknown(id)
        if action == "show":
            return [*_shown(letter)]
        return [await (_again if action == "retry" else _dropped)(letter, store)]

    return work


async def _listed(store: Store) -> list[str]:
    letters = await store.letters.list(_MOST)
    lines = [*map(_line, letters)] or ["nothing waits, and nothing was put aside"]
    return [*lines, *_more(letters)]


def _more(letters: Sequence[Letter]) -> Iterator[str]:
    dead = sum(letter.dead for letter in letters)
    if _MOST in (dead, len(letters) - dead):
        yield f"(only the oldest {_MOST:,} of each are listed)"


async def _all_again(store: Store) -> list[str]:
    number = await store.letters.retry_all(act("sent-again", "all dead letters"))
    if not number:
        return ["there are no dead letters"]
    return [f"{number:,} dead letter{'s go' if number > 1 else ' goes'} out again"]


async def _again(letter: Letter, store: Store) -> str:
    done = await store.letters.retry(letter.id, act("sent-again", f"delivery {letter.id}"))
    _expect(done, letter)
    return f"{letter.id} goes out again"


async def _dropped(letter: Letter, store: Store) -> str:
    done = await store.letters.drop(letter.id, act("dropped", f"delivery {letter.id}"))
    _expect(done, letter)
    return f"{letter.id} is dropped"


def _expect(handled: Handled, letter: Letter) -> None:
    match handled:
        case "unknown":
            raise _unknown(letter.id)
        case "in-hand":
            raise UserError(f"{letter.id} is being delivered just now; look again in a minute")
        case "must-stay":
            raise UserError(
                f"{letter.id} is somebody's wish to be forgotten; 'flowmend outbox retry "
                f"{letter.id}' or 'flowmend forget {full_name(letter.person)}' fulfils it"
            )
        case "done":
            return


def _unknown(id: int) -> UserError:
    return UserError(f"there is no delivery {id}; 'flowmend outbox' lists what there is")


def _line(letter: Letter) -> str:
    old = age(clock.milliseconds(clock.now()) - letter.put_at)
    tries = f"{letter.attempts} {'try' if letter.attempts == 1 else 'tries'}"
    error = one_line(letter.error)
    error = error if len(error) <= _ERROR else f"{error[:_ERROR]}…"
    return (
        f"{letter.id:<6} {_state(letter):<8} {letter.kind:<7} {tries:<9} {old:>4} old"
        f"  {letter.conversation}  {error}".rstrip()
    )


def _shown(letter: Letter) -> Iterator[str]:
    yield _line(letter)
    yield ""
    yield f"{'of':<8} {label(letter.person)}"
    yield f"{'key':<8} {letter.key}"
    yield f"{'decided':<8} {minute(letter.put_at)}"
    yield f"{_at(letter):<8} {minute(letter.at)}"
    if letter.error:
        yield f"{'error':<8} {one_line(letter.error)}"
    yield ""
    yield from _item(letter.item)


def _state(letter: Letter) -> str:
    return "dead" if letter.dead else "in hand" if letter.leased else "waiting"


def _at(letter: Letter) -> str:
    return "died" if letter.dead else "until" if letter.leased else "due"


def _item(text: str) -> Iterator[str]:
    """Show what is to be delivered, as it is stored."""
    with suppress(ValueError):  # another version's writing is shown as it is
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    yield from text.splitlines()
