"""Secrets are planted wherever a requester, an expert and an administrator may write."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialogs.planting import PLANTED
from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.town import PASTE, Town, town
from tests.slack.workspace import MENTION

HELP, DESK, RANDOM = "C1", "C9", "C2"


async def live(slack: Town, texts: list[str]) -> None:
    """Play a hand-over in which everybody writes each of `texts` in every way there is."""
    workspace = slack.workspace
    await workspace.says("U9", DESK, f"{MENTION} desk here")
    said = await workspace.says("U1", HELP, f"{MENTION} {PASTE}\n{texts[0]}")
    (card,) = await slack.thread(HELP)
    await workspace.presses("U1", HELP, card, "Talk to a person")
    await slack.quiet()
    (card,) = (it for it in slack.api.by_bot(DESK) if not it.get("thread_ts"))
    for n, text in enumerate(texts):
        line = await workspace.says("U1", HELP, f"look: {text}", said["ts"])
        await workspace.edits(line, f"rather: {text}")
        marked = await workspace.says("U2", DESK, f"reply: use {text}", card["ts"])
        await workspace.edits(marked, f"reply: no, {text}")
        await workspace.says("U2", DESK, f"{MENTION} or {text}", card["ts"])
        for window in ("Reply", "Assign"):
            await filled_in(slack, window, card, text, n)
        await workspace.says("U9", RANDOM, f"{MENTION} desk here team {text}")
        await workspace.says("U9", RANDOM, f"{MENTION} desk here {text}")
    await slack.quiet()


async def filled_in(slack: Town, window: str, card: Json, text: str, n: int) -> None:
    """Open a window from the card, and send it off with `text` in it."""
    opened = len(slack.api.views)
    await slack.quiet()
    await slack.workspace.presses("U2", DESK, card, window)
    if window == "Assign":  # a window only on some platforms: its field is forged here
        view = {"private_metadata": json.dumps(["FM-1/assign", DESK, card["ts"]])}
    else:
        await slack.eventually(lambda: len(slack.api.views) > opened)
        view = slack.api.views[-1]["view"]
    sent = bodies.interaction("view_submission", "U2", DESK, slack.api.url)
    del sent["channel"]
    typed = {"words": {"words": {"type": "plain_text_input", "value": text}}}
    sent["view"] = {**view, "id": f"V{window}{n}", "state": {"values": typed}}
    await slack.workspace.interact(sent)


@contextmanager
def logged() -> Iterator[StringIO]:
    """Yield all that is logged, at every level."""
    written, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@given(st.fixed_dictionaries(PLANTED))
@settings(max_examples=1, deadline=None)
def test_no_secret_reaches_desk_requester_log_metrics_or_file(
    planted: dict[str, tuple[str, str]],
) -> None:
    async def main(folder: Path) -> str:
        async with town(folder, administrators="slack:U9") as slack:
            await live(slack, [text for text, _ in planted.values()])
            asked = json.dumps([slack.api.calls, slack.api.whispered], ensure_ascii=False)
            assert "[hidden: " in asked
            return asked + slack.metrics.exposition(await slack.store.backlog(), 0).decode()

    with TemporaryDirectory() as name, logged() as log:
        seen = asyncio.run(main(Path(name))) + log.getvalue()
        kept = b"".join(file.read_bytes() for file in Path(name).rglob("*") if file.is_file())

    leaked = {
        kind: place
        for kind, (_, secret) in planted.items()
        for place, told in (("told", seen.encode()), ("kept", kept))
        if secret.encode() in told
    }
    assert not leaked
