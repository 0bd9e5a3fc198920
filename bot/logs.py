"""The service's log: one JSON object a line, with the ids of what it is about, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any, TextIO

from dialogs.events import Event, Origin
from dialogs.redaction import redact

_OWN = frozenset({"timestamp", "level", "logger"})
_SHORT = 200
"""Characters of an id or a name."""


def about(origin: Origin, event: Event | None = None, **more: str | float) -> dict[str, Any]:
    """Return the fields by which a line of the log is found: nothing that anybody wrote."""
    fields: dict[str, Any] = {"platform": origin.platform, "conversation": origin.conversation}
    return fields | ({"event_id": event.id} if event else {}) | more


def log_as_json(level: str, out: TextIO | None = None) -> None:
    """Write everything that is logged in this process to `out` (standard error) as JSON lines.

    `level` is the name of the least of it: "INFO".
    """
    import structlog

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False
    # Of each line the logging module would find out what no line shows.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def without_secrets(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Hide secrets in every field of `line` that may hold what somebody else wrote."""
    for key, value in line.items():
        if isinstance(value, str) and key not in _OWN:
            line[key] = _again(value) if len(value) <= _SHORT else redact(value).text
    return line


@lru_cache(maxsize=1024)
def _again(value: str) -> str:
    """Redact what most lines repeat: names of places, kinds of things."""
    return redact(value).text
