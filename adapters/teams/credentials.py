"""Tokens for what we send: from a secret, a certificate or a managed identity.

Microsoft's library for them blocks; it is asked beside the event loop, and only now and then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapters.base import TryLater

log = logging.getLogger(__name__)

AppType = Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"]
_SCOPE = "https://api.botframework.com"
_ASK_AGAIN = 120.0
"""Seconds; the library keeps a token itself, and renews it five minutes before it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The bot as it is registered."""

    id: str
    type: AppType = "SingleTenant"
    tenant: str = ""
    password: str = field(default="", repr=False)
    certificate: Path | None = None
    """A PEM file with the private key and the certificate."""


def token_of(app: App) -> Callable[[], str]:
    """Return what gets a token for `app`, and may block. Raises `ValueError`, `OSError`."""
    from botframework.connector.auth import MicrosoftAppCredentials
    from botframework.connector.auth.certificate_app_credentials import CertificateAppCredentials
    from botframework.connector.auth.managedidentity_app_credentials import (
        ManagedIdentityAppCredentials,
    )

    tenant = app.tenant if app.type == "SingleTenant" else None
    if app.type == "UserAssignedMSI":
        found = ManagedIdentityAppCredentials(app.id, _SCOPE)
    elif app.certificate is not None:
        pem = app.certificate.read_text("ascii")
        found = CertificateAppCredentials(
            app.id, thumbprint(pem), pem, tenant, _SCOPE, certificate_public=pem
        )
    else:
        found = MicrosoftAppCredentials(app.id, app.password, tenant, _SCOPE)
    get: Callable[[], str] = found.get_access_token
    return get


def thumbprint(pem: str) -> str:
    """Return the SHA-1 thumbprint of the certificate in `pem`. Raises `ValueError`."""
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.x509 import load_pem_x509_certificate

    certificate = load_pem_x509_certificate(pem.encode())
    return certificate.fingerprint(SHA1()).hex()  # noqa: S303 - the name that Entra knows it by


class Tokens:
    """The `Authorization` header for what is sent, one request for it at a time."""

    def __init__(self, get: Callable[[], str] | None, now: Callable[[], float]) -> None:
        """`get` may block; without it nothing is proven, which only a developer's bot may do."""
        self._get = get
        self._now = now
        self._token = ""
        self._asked = float("-inf")
        self._alone = asyncio.Lock()

    async def headers(self) -> dict[str, str]:
        """Return the header. Raises `TryLater` when there is no token to be had."""
        if self._get is None:
            return {}
        if self._now() - self._asked > _ASK_AGAIN:
            async with self._alone:
                if self._now() - self._asked > _ASK_AGAIN:
                    self._token = await self._fetched(self._get)
                    self._asked = self._now()
        return {"Authorization": f"Bearer {self._token}"}

    async def _fetched(self, get: Callable[[], str]) -> str:
        from msal.exceptions import MsalError

        try:
            return await asyncio.to_thread(get)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, MsalError) as error:
            if self._token:
                log.warning("no new token: %s", type(error).__name__)
                return self._token
            raise TryLater(f"no token for Teams: {type(error).__name__}") from None
