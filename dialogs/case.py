"""One problem of one person: what was read, what was tried. What a hand-over carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogs.diagnosis.model import Diagnosis
from dialogs.events import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One step that was offered and how the person answered it."""

    cause: str
    step: str
    answer: str
    """The id of the choice: "done", "failing", "not-mine" ..."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The evidence pack of one problem."""

    opened_at: datetime
    requester: str = ""
    """Whose problem it is, as in `Origin.user`; "" when that was not kept."""
    message: str = ""
    """The platform's id of the message that began it."""
    diagnosis: Diagnosis
    """The newest reading; its `text` is redacted."""
    tried: tuple[Try, ...] = ()
    earlier: tuple[str, ...] = ()
    """Causes that an earlier message of the same case pointed at, oldest first."""
    notes: tuple[str, ...] = ()
    """What else the requester wrote, redacted, oldest first."""
    files: tuple[File, ...] = ()
    """What they sent that the bot cannot read: it goes to people as soon as people have it."""
