"""What a diagnosis is: plain values, ready to be stored, shown and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Confidence = Literal["certain", "likely", "unsure"]

Who = Literal[
    "you",
    "connection-owner",
    "resource-owner",
    "administrator",
    "app-owner",
    "developer",
    "nobody",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One span that was read, and what it was read as."""

    start: int
    end: int
    """Code points in `Diagnosis.text`, end exclusive."""
    text: str
    sign: str
    """What it stands for: "password-changed", "status 401", "work-item" ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found in the text; None when it was not there. Nothing is ever guessed."""

    connector: str | None = None
    """Its name as the portal shows it: "SharePoint"."""
    action: str | None = None
    flow: str | None = None
    """The flow's name."""
    environment: str | None = None
    flow_id: str | None = None
    run_id: str | None = None
    solution_id: str | None = None
    connection_id: str | None = None
    tenant: str | None = None
    correlation_id: str | None = None
    trace_id: str | None = None
    request_id: str | None = None
    timestamp: str | None = None
    """As it stood in the text."""
    account: str | None = None
    cloud: str | None = None
    """Whose host was shown: "public", "gcc", "gcc-high", "dod", "china"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The verdict on one text."""

    text: str
    """The text that was read, redacted; the spans of `why` count in it."""
    auth_failure: bool
    """The better guess when unsure."""
    confidence: Confidence
    cause: str | None = None
    """An id of the playbooks; None when it is no auth failure."""
    kind: str | None = None
    """Why it is none; an id of the look-alikes."""
    who: tuple[Who, ...] = ()
    why: tuple[Reason, ...] = ()
    http_status: int | None = None
    codes: tuple[str, ...] = ()
    """Named codes as they are quoted: "AADSTS50173", "DlpViolation", "0x80040220"."""
    language: str | None = None
    """Of the person's own words; None when there are none, or too few to tell."""
    evidence: Evidence = field(default_factory=Evidence)
    links: Mapping[str, str] = field(default_factory=dict)
    """`run`, `connections`, `error`: only those that could be built."""
    secrets: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Other causes that the same text names."""
    elsewhere: bool = False
    """True for a failed sign-in to a system whose pages this bot does not know."""
