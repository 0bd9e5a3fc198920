"""The service's log: one JSON object a line, with the ids of what it is about, without secrets."""

from __future__ import annotations

import json
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
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.raiseExceptions = False
    # Of each line the logging module would find out what no line shows.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # as its documentation says


class _Lines(logging.Formatter):
    """Makes a line of a record with structlog's processors.

    Its own `ProcessorFormatter` does so as well, for more kinds of records and at twice the time.
    """

    def __init__(self) -> None:
        import structlog

        super().__init__()
        self._processors: tuple[Any, ...] = (
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_as_json),
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: Any = {"event": record.getMessage(), "_record": record, "_from_structlog": False}
        if record.exc_info:
            line["exc_info"] = record.exc_info
        method = record.levelname.lower()
        for process in self._processors:
            line = process(None, method, line)
        return str(line)


_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _as_json(line: Mapping[str, Any], **_: object) -> str:
    """Return `line` as JSON: the encoder is made once and not for each line."""
    return _encode(line)


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
