"""What the README shows of the service is what happens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession

from adapters.http.adapter import ROUTE
from tests.bench.running import serving
from tests.bot.program import ROOT
from tests.front_end import TOKEN, front_end

README = (ROOT / "README.md").read_text()
_EVENT = re.compile(r"curl (\S+) .*? -d '(\{.*?\})'", re.DOTALL)
_REPLY = re.compile(r'^ {4}(\{"id": "http:.*?\n.*\]\})$', re.MULTILINE)
_KEY = re.compile(r'"(\w+)":')


async def test_the_event_that_is_shown_gets_the_reply_that_is_shown(tmp_path: Path) -> None:
    (address, event), *_ = _EVENT.findall(README)
    (shown,) = _REPLY.findall(README)
    database = {"DATABASE": f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"}

    async with (
        front_end() as front,
        serving(tmp_path, database, front.url) as server,
        ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as client,
        client.post(server.url, data=event.encode()) as response,
    ):
        answered = response.status, await response.json()
        await front.has(1)

    (reply,) = front.taken
    assert urlsplit(address).path == ROUTE
    assert answered == (200, {})
    assert set(_KEY.findall(shown)) == set(_KEY.findall(json.dumps(reply)))
    assert json.loads(event)["conversation"] == reply["conversation"]
    (id,) = re.findall(r'"id": "(http:[^"]*)"', shown)
    assert reply["id"] == id
    (text,) = re.findall(r'"text": "(.*?) \.\.\."', shown)
    assert reply["text"].startswith(text)
    assert f'"label": "{reply["choices"][0]["label"]}"' in shown
    assert f'"label": "{reply["links"][0]["label"]}"' in shown
