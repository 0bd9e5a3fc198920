"""The service's two doors: the public one for platforms, the other one for whoever runs it."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.chance import new_id
from bot.errors import UserError
from bot.site import add_pages

log = logging.getLogger(__name__)

Health = Callable[[], Awaitable["Report"]]

_protocol = logging.getLogger(f"{__name__}.protocol")
"""What aiohttp says of requests that reach no handler."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How the service is."""

    ready: bool
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a web application listens; port 0 is any free one."""

    host: str
    port: int
    setting: str
    """What the port is set with."""


def public(health: Health) -> web.Application:
    """Return the application that platforms add their routes to."""
    app = web.Application(middlewares=[_plain_errors])

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(_: web.Request) -> web.Response:
        report = await health()
        if report.ready:
            return web.json_response({"status": "ready"})
        return web.json_response(
            {"status": "not ready"},
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": "2"},
        )

    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    add_pages(app)
    return app


def operations(health: Health, metrics: Callable[[], Awaitable[bytes]]) -> web.Application:
    """Return the application with what only whoever runs the service should see."""
    app = web.Application(middlewares=[_plain_errors])

    async def detailed(_: web.Request) -> web.Response:
        report = await health()
        status = HTTPStatus.OK if report.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"ready": report.ready, **report.details}, status=status)

    async def measured(_: web.Request) -> web.Response:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=await metrics(), headers=headers)

    app.router.add_get("/health", detailed)
    app.router.add_get("/metrics", measured)
    return app


@asynccontextmanager
async def listening(app: web.Application, door: Door, grace: float) -> AsyncGenerator[int]:
    """Serve `app` at `door`; yield the port. Raises `UserError` when nobody can listen there.

    At the end, open requests have `grace` seconds to be answered.
    """
    _protocol.addFilter(_is_ours)
    runner = web.AppRunner(app, access_log=None, logger=_protocol, shutdown_timeout=grace)
    await runner.setup()
    try:
        site = web.TCPSite(runner, door.host, door.port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            number = getattr(error, "errno", None)
            why = os.strerror(number) if number and number > 0 else str(error)
            where = f"{door.host}:{door.port}"
            no_address = isinstance(error, socket.gaierror) or number == errno.EADDRNOTAVAIL
            setting = door.setting.replace("PORT", "HOST") if no_address else door.setting
            raise UserError(f"{setting}: cannot listen on {where}: {why.lower()}") from None
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _is_ours(record: logging.LogRecord) -> bool:
    """Leave out what is no HTTP: it was refused, and its bytes may be anything."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


@web.middleware
async def _plain_errors(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Every error is one line of JSON; what is a bug here has the id that the log has."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response(
            {"error": error.reason.lower()},
            status=error.status,
            headers={name: it for name, it in error.headers.items() if name == "Allow"},
        )
    except Exception:
        log.exception("a request failed (%s)", id := new_id(), extra={"path": request.path})
        said = f"something is broken here; the log has it as {id}"
        return web.json_response({"error": said}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
