"""An activity of the Bot Framework, as far as anything here reads it. Other keys are left alone.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CARD_ACTION = "adaptiveCard/action"
FETCH_TASK = "composeExtension/fetchTask"
SUBMIT_ACTION = "composeExtension/submitAction"

Id = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
Object = dict[str, object]


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, populate_by_name=True)


class Account(_Read):
    """A person, or a bot."""

    id: Id
    name: str | None = None
    aad: Id | None = Field(None, alias="aadObjectId")
    """The person's id in Entra; the same in every conversation."""

    @property
    def key(self) -> str:
        """Return the id that stays the same for this person."""
        return self.aad or self.id


class Conversation(_Read):
    """Where it happened."""

    id: Id
    kind: str | None = Field(None, alias="conversationType")
    tenant: Id | None = Field(None, alias="tenantId")
    is_group: bool | None = Field(None, alias="isGroup")


class _Named(_Read):
    id: Id | None = None


class ChannelData(_Read):
    """What Teams adds."""

    tenant: _Named | None = None
    team: _Named | None = None
    channel: _Named | None = None
    event: str | None = Field(None, alias="eventType")


class Attachment(_Read):
    """Something that came with a message."""

    type: str = Field("", alias="contentType")
    content: object = None
    url: str | None = Field(None, alias="contentUrl")
    name: str | None = None


class Entity(_Read):
    """What the text is about: a mention, what client it was written with."""

    type: str | None = None
    text: str | None = None
    mentioned: Object | None = None
    locale: str | None = None


class Activity(_Read):
    """One activity, its envelope checked."""

    type: Annotated[str, Field(min_length=1, max_length=100)]
    id: Id | None = None
    timestamp: str | None = None
    service: Annotated[str, Field(max_length=2000)] | None = Field(None, alias="serviceUrl")
    channel: str | None = Field(None, alias="channelId")
    sender: Account = Field(alias="from")
    recipient: Account | None = None
    conversation: Conversation
    text: str | None = None
    locale: Annotated[str, Field(max_length=35)] | None = None
    entities: tuple[Entity, ...] | None = Field(None, strict=False)
    attachments: tuple[Attachment, ...] | None = Field(None, strict=False)
    data: ChannelData | None = Field(None, alias="channelData")
    value: object = None
    name: str | None = None
    reply_to: str | None = Field(None, alias="replyToId")
    action: str | None = None

    @property
    def own_id(self) -> str:
        """Return the activity's id; "" when it has none."""
        return self.id or ""

    @property
    def tenant(self) -> str:
        """Return the tenant; "" when nothing tells it."""
        named = self.data and self.data.tenant and self.data.tenant.id
        return named or self.conversation.tenant or ""

    @property
    def is_personal(self) -> bool:
        """Tell whether nobody but the sender and the bot is there."""
        if self.conversation.kind:
            return self.conversation.kind == "personal"
        in_channel = bool(self.data and self.data.channel) or ";messageid=" in self.conversation.id
        return not (in_channel or self.conversation.is_group)

    @property
    def values(self) -> Object:
        """Return `value` where it is an object, as it is for invokes and pressed buttons."""
        return self.value if isinstance(self.value, dict) else {}


def read(payload: Mapping[str, object]) -> Activity:
    """Return the activity in `payload`. Raises `ValueError`."""
    return Activity.model_validate(payload)


def at(value: object, *path: str) -> object:
    """Return what is at `path` inside nested objects; None when there is no such thing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
