"""What every platform's folder must hold and do. A new one is tested as soon as it exists."""

from __future__ import annotations

import importlib
import inspect
import json
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

from adapters.base import Adapter
from dialogs.replies import Ask, Choice, Link, Reply, Say, Settle

ROOT = Path(__file__).parents[2]
PLATFORMS = sorted(path.parent.name for path in (ROOT / "adapters").glob("*/__init__.py"))
PAYLOADS = sorted((ROOT / "tests/adapters/payloads").glob("*/*.json"))
SAY = Say(
    text=("**Signed out** by a password change.", "가나다 **연결**"),
    quote="Hello,\nplease sign in again.",
    facts=("AADSTS50173", "SharePoint"),
    links=(Link("Open Connections", "https://make.powerautomate.com/connections"),),
)
ASK = Ask(text=("Did it help?",), token="t1", choices=(Choice("done", "Done"), Choice("no", "No")))
REPLIES: tuple[Reply, ...] = (
    SAY,
    ASK,
    Say(text=("",), to="presser"),
    Ask(text=("Nothing to press",), token="t2", choices=()),
    Settle(token="t1", answer="Done", by="console:local"),
)


def module(platform: str, name: str) -> ModuleType:
    return importlib.import_module(f"adapters.{platform}.{name}")


def adapters_in(platform: str) -> list[type[Adapter]]:
    return [
        cast(type[Adapter], value)
        for name, value in inspect.getmembers(module(platform, "adapter"), inspect.isclass)
        if name.endswith("Adapter") and value.__module__.startswith(f"adapters.{platform}.")
    ]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_has_the_three_files_of_a_platform(platform: str) -> None:
    assert callable(module(platform, "parse").parse)
    assert callable(module(platform, "render").render)
    assert len(adapters_in(platform)) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
def test_adapter_has_the_ports_methods(platform: str) -> None:
    (adapter,) = adapters_in(platform)

    assert inspect.getattr_static(adapter, "name") == platform
    assert list(inspect.signature(adapter.connect).parameters) == ["self", "http", "handle"]
    assert list(inspect.signature(adapter.send).parameters) == ["self", "place", "reply"]
    assert inspect.iscoroutinefunction(adapter.send)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_renders_every_reply_and_the_same_each_time(platform: str, reply: Reply) -> None:
    render = module(platform, "render").render

    first, second = render(reply), render(reply)

    assert first == second
    assert first is not None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_shows_all_that_a_reply_says(platform: str) -> None:
    shown = repr(module(platform, "render").render(SAY))

    for words in ("Signed out", "연결", "please sign in again.", "AADSTS50173", "Open Connections"):
        assert words in shown


@pytest.mark.parametrize("file", PAYLOADS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_reads_every_recorded_payload(file: Path) -> None:
    recorded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    wanted: dict[str, Any] | None = recorded["reads"]

    event = module(file.parent.name, "parse").parse(recorded["body"])

    if wanted is None:
        assert event is None
        return
    assert {"class": type(event).__name__, **_fields(event, wanted)} == wanted
    assert _fields(event.origin, recorded["origin"]) == recorded["origin"]
    assert event.origin.conversation.startswith(f"{event.origin.platform}:{event.origin.tenant}:")
    assert event.id.startswith(f"{event.origin.platform}:")


def test_every_platform_has_recorded_payloads() -> None:
    assert sorted({file.parent.name for file in PAYLOADS}) == PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("payload", [{}, {"id": 3}, {"text": None}, {"id": "", "time": "x"}])
def test_reads_nothing_in_what_is_no_payload(platform: str, payload: dict[str, object]) -> None:
    assert module(platform, "parse").parse(payload) is None


def _fields(value: object, names: dict[str, Any]) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in names if name != "class"}
    return {name: it.isoformat() if isinstance(it, datetime) else it for name, it in found.items()}
