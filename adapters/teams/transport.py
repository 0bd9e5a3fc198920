"""Microsoft's SDK, for transport alone: nothing of it is kept, and nothing else imports it.

botbuilder's own `CloudAdapter` asks for a token, makes two HTTP clients and a thread for every
turn, and answers buttons with a 500. Of it stays what knows the protocol: the turn
(`CloudAdapterBase.process_activity`) and the requests (`ConnectorClient`), both on one session.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
)
from botframework.connector import BotFrameworkConnectorConfiguration
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest.pipeline import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline import Response as PipelineResponse
from msrest.universal_http.async_abc import AsyncClientResponse

from adapters.recent import Recent
from adapters.teams.activity import Activity as Received
from adapters.teams.activity import at
from adapters.teams.credentials import Tokens

Body = Mapping[str, object]
Respond = Callable[[], Awaitable[Body | None]]

_MOST = 64
"""Service URLs with a connector; there is one in each region."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the service said when it took something."""

    conversation: str
    message: str


class RefusedError(Exception):
    """The service answered with an error."""

    def __init__(self, status: int, code: str, after: str | None) -> None:
        super().__init__(f"Teams answered {status}{f' {code}' if code else ''}")
        self.status = status
        self.code = code
        self.after = after


class Transport:
    """Takes activities in and sends them out."""

    def __init__(
        self, session: Callable[[], aiohttp.ClientSession], tokens: Tokens, app_id: str
    ) -> None:
        self._connectors = _Connectors(session, tokens)
        self._adapter = CloudAdapterBase(_Authentication(self._connectors))
        self._identity = ClaimsIdentity({"aud": app_id}, is_authenticated=bool(app_id))

    async def turn(self, activity: Received, respond: Respond) -> Body | None:
        """Run `respond` as the turn of an authenticated activity; return an invoke's answer."""
        known = AuthenticateRequestResult()
        known.claims_identity, known.connector_factory = self._identity, self._connectors

        async def logic(context: TurnContext) -> None:
            body = await respond()
            value = InvokeResponse(status=HTTPStatus.OK, body=body)
            if context.activity.type == ActivityTypes.invoke:
                await context.send_activity(
                    Activity(type=ActivityTypes.invoke_response, value=value)
                )

        result = await self._adapter.process_activity(known, _envelope(activity), logic)
        return result.body if result else None

    async def send(self, service: str, conversation: str, activity: Body) -> Said:
        """Post `activity`. Raises `RefusedError`, or what aiohttp raises."""
        client = await self._connectors.create(service)
        done = await client.conversations.send_to_conversation(conversation, _message(activity))
        return Said(conversation, _id(done))

    async def update(self, service: str, conversation: str, message: str, activity: Body) -> Said:
        """Put `activity` in the place of `message`. Raises as `send` does."""
        client = await self._connectors.create(service)
        await client.conversations.update_activity(
            conversation, message, _message({**activity, "id": message})
        )
        return Said(conversation, message)

    async def start(
        self,
        service: str,
        *,
        bot: str,
        tenant: str,
        member: str | None = None,
        channel: str | None = None,
        activity: Body | None = None,
    ) -> Said:
        """Open a chat with `member`, or a post in `channel`. Raises as `send` does."""
        client = await self._connectors.create(service)
        data = {"tenant": {"id": tenant}} if tenant else {}
        wanted: dict[str, object] = {"isGroup": channel is not None, "bot": {"id": bot}}
        if tenant:
            wanted["tenantId"] = tenant
        if member:
            wanted["members"] = [{"id": member}]
        if channel:
            data["channel"] = {"id": channel}
        if activity:
            wanted["activity"] = _message(activity)
        wanted["channelData"] = data
        done = await client.conversations.create_conversation(wanted)
        return Said(_id(done), _id(done, "activityId"))

    async def reaches(self, service: str, conversation: str, member: str) -> None:
        """Ask for `member` of `conversation`. Raises as `send` does when we are not there."""
        client = await self._connectors.create(service)
        await client.conversations.get_conversation_member(conversation, member)


def _code(body: bytes) -> str:
    """Return the error's code: a word such as `MessageWritesBlocked`, and nothing else."""
    try:
        code = at(json.loads(body), "error", "code")
    except (ValueError, RecursionError):
        return ""
    return code[:64] if isinstance(code, str) and code.isascii() and code.isalnum() else ""


def _id(made: Mapping[str, object], key: str = "id") -> str:
    id = made.get(key)
    return id if isinstance(id, str) else ""


def _message(activity: Body) -> dict[str, object]:
    return {"type": ActivityTypes.message.value, **activity}


def _envelope(received: Received) -> Activity:
    """Return as much of an activity as a turn needs; all of it takes long."""
    bot = received.recipient
    return Activity(
        type=received.type,
        id=received.id,
        service_url=received.service,
        channel_id=received.channel,
        conversation=ConversationAccount(id=received.conversation.id),
        from_property=ChannelAccount(id=received.sender.id),
        recipient=ChannelAccount(id=bot.id if bot else None),
    )


class _Authentication(BotFrameworkAuthentication):
    """Requests are authenticated before they come here; see `bearer.py`."""

    def __init__(self, connectors: _Connectors) -> None:
        self._connectors = connectors

    async def authenticate_request(self, activity: Activity, auth_header: str) -> None:
        raise NotImplementedError  # abstract; asked only for a header, and we pass the result

    async def authenticate_streaming_request(self, auth_header: str, channel: str) -> None:
        raise NotImplementedError  # abstract; asked only for a web socket, and there is none

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> _Connectors:
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Return nothing: nobody signs in to this bot."""


class _Connectors(ConnectorFactory):
    """One client for each service URL, all on one session."""

    def __init__(self, session: Callable[[], aiohttp.ClientSession], tokens: Tokens) -> None:
        self._session = session
        self._tokens = tokens
        self._clients: Recent[str, ConnectorClient] = Recent(_MOST)

    async def create(self, service_url: str, audience: str | None = None) -> ConnectorClient:
        if (client := self._clients.get(service_url)) is None:
            config = BotFrameworkConnectorConfiguration(object(), service_url)
            sender = _Sender(self._session, self._tokens)
            config.custom_pipeline = AsyncPipeline([config.user_agent_policy], sender)
            client = _Connector(config)
        self._clients[service_url] = client
        return client


class _Connector(ConnectorClient):
    """Sends and takes JSON as it is: to check it key by key would take a third of a turn."""

    def __init__(self, config: BotFrameworkConnectorConfiguration) -> None:
        super().__init__(None, custom_configuration=config)
        self.conversations = ConversationsOperations(self._client, self.config, _AsItIs(), _made)


class _AsItIs:
    """Stands where the SDK has its serializer."""

    def body(self, data: object, *_: object, **__: object) -> object:
        return data

    def url(self, _: str, data: str, *__: object, **___: object) -> str:
        return quote(data, safe="")


def _made(_: str, response: _Response) -> dict[str, object]:
    """Return what was made, {} when the service says it in no words that can be read."""
    try:
        found = json.loads(response.body())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class _Sender(AsyncHTTPSender):
    """Sends on our session, where the SDK would take a thread and a new connection."""

    def __init__(self, session: Callable[[], aiohttp.ClientSession], tokens: Tokens) -> None:
        self._session = session
        self._tokens = tokens

    async def __aexit__(self, *_: object) -> None:
        """Leave the session open: it is the adapter's."""

    async def send(self, request: Any, **_: object) -> PipelineResponse:
        wanted = request.http_request
        async with self._session().request(
            wanted.method,
            wanted.url,
            data=wanted.data,
            headers={**wanted.headers, **await self._tokens.headers()},
            allow_redirects=False,
        ) as response:
            body = await response.read()
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            # Here, before the SDK reads an error in as many ways as it has operations.
            after = response.headers.get("Retry-After")
            raise RefusedError(response.status, _code(body), after)
        return PipelineResponse(request, _Response(wanted, response, body))


class _Response(AsyncClientResponse):
    def __init__(self, request: Any, response: aiohttp.ClientResponse, body: bytes) -> None:
        super().__init__(request, response)
        # Each operation of the SDK knows two or three kinds of success, and fails at the others.
        self.status_code, self.headers = HTTPStatus.OK, response.headers
        self.reason = response.reason
        self._body = body

    def body(self) -> bytes:
        return self._body
