"""A posted body as an event, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from adapters.checks import first_problem
from adapters.http.keys import PLATFORM, TENANT, heard, key
from dialogs.events import Chose, Deleted, Edited, Event, File, Origin, Said

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Enclosure(BaseModel):
    """A file that came with the words. It stays where it is: people are shown its link."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    url: (
        Annotated[str, Field(max_length=2000, pattern=r"^https://[^\s/@\\]+(/[^\s\\]*)?$")] | None
    ) = None


class Body(BaseModel):
    """What may be posted: words, or a press. Further keys are left alone."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: Name
    conversation: Name
    user: Name
    text: str | None = None
    token: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    choice: Name | None = None
    language: Annotated[str, Field(max_length=35)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    """What the person is called, to be shown."""
    channel: Name | None = None
    """Where several people are; the same for all of them."""
    thread: Name | None = None
    """The `id` of the message that the thread hangs on."""
    addressed: bool = True
    """False when it was said to nobody in particular."""
    edits: Name | None = None
    """The `id` of the message that `text` is from now on."""
    deletes: Name | None = None
    """The `id` of the message that was taken back."""
    files: Annotated[tuple[Enclosure, ...], Field(max_length=10, strict=False)] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Body:
        said = [self.text is not None, self.choice is not None, self.deletes is not None]
        if sum(said) != 1 or (self.choice is not None and self.token is None):
            raise ValueError("give either 'text', or 'token' and 'choice', or 'deletes'")
        return self


def parse(payload: Mapping[str, object]) -> Event | None:
    """Return the event in `payload`, a `Body` with the `time` (ISO 8601, with zone) it came at.

    None when it is none; `problem` tells why.
    """
    try:
        body, at = _body(payload), datetime.fromisoformat(str(payload.get("time")))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    id = _event_id(body, body.id)
    token, requester = heard(body.token or "")
    pressed = body.choice is not None
    whose = (pressed and requester) or body.user
    origin = Origin(
        platform=PLATFORM,
        tenant=TENANT,
        conversation=key(body.conversation, whose),
        user=f"{PLATFORM}:{body.user}",
        language=body.language,
        route={"conversation": body.conversation},
        name=body.name,
        channel=body.channel or "",
        thread=body.thread or "",
    )
    if body.choice is not None:
        return Chose(id=id, at=at, origin=origin, token=token, choice=body.choice)
    if body.deletes is not None:
        gone = _event_id(body, body.deletes)
        return Deleted(id=id, at=at, origin=origin, message=gone, of=gone)
    text = body.text or ""
    if body.edits is not None:
        first = _event_id(body, body.edits)
        return Edited(id=id, at=at, origin=origin, text=text, message=first, of=first)
    return Said(
        id=id,
        at=at,
        origin=origin,
        text=text,
        message=id,
        token=token,
        addressed=body.addressed,
        files=tuple(File(it.name, {}, "other", it.url or "") for it in body.files),
    )


def _event_id(body: Body, id: str) -> str:
    """Whoever posts counts by themselves: the same id in another conversation is another event."""
    return f"{PLATFORM}:{len(body.conversation)}:{body.conversation}:{id}"


def problem(payload: Mapping[str, object]) -> str | None:
    """Return in one line what is wrong with `payload`; None when it is a `Body`."""
    try:
        _body(payload)
    except ValidationError as error:
        return first_problem(error)
    return None


def _body(payload: Mapping[str, object]) -> Body:
    """Raises `ValidationError`. JSON can spell half a character, which no text can hold."""
    text = payload.get("text")
    whole = text.encode("utf-8", "replace").decode() if isinstance(text, str) else text
    return Body.model_validate({**payload, "text": whole})
