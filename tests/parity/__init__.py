"""A module for each platform: how what people do gets in, and how what is shown reads.

`said(text)` and `pressed(question, label)` return payloads for the platform's `parse`: a button is
found by its label, as a person finds it. `lines(reply)` reads what the platform's `render` made.
"""

from __future__ import annotations

from types import ModuleType

from tests.parity import console, http, slack, teams

PLATFORMS: dict[str, ModuleType] = {
    "console": console,
    "http": http,
    "slack": slack,
    "teams": teams,
}
