"""Who may post activities: Microsoft's service, proven by a token that it has signed for us.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
lists what must hold; botbuilder 4.17.1 lets several of these things be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.recent import Recent
from adapters.teams.keys import SigningKey, SigningKeys

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
_LEEWAY = 300
"""Seconds that clocks may differ by."""
_LONGEST = 16_000
_MOST = 64
"""Tokens that are remembered."""
_FORM = re.compile(r"Bearer ([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII)


class ForgedError(Exception):
    """The caller did not prove to be Microsoft's service; says why, for the log alone."""


@dataclass(frozen=True, slots=True)
class _Proven:
    """A token that was checked, and what it said."""

    kid: str
    key: SigningKey
    ends: float
    service: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Checks tokens that are meant for `app_id`."""

    app_id: str
    keys: SigningKeys
    now: Callable[[], datetime]
    _proven: Recent[str, _Proven] = field(default_factory=lambda: Recent(_MOST))
    """Microsoft sends one token for an hour: its signature is only computed once."""

    async def service_of(self, header: str) -> str:
        """Return the service URL that the token in `header` speaks for.

        Raises `ForgedError`, or `KeysUnavailableError`.
        """
        known = self._proven.get(header)
        if known and self._is_good(known) and await self.keys.get(known.kid) is known.key:
            return known.service
        found = _FORM.fullmatch(header) if len(header) <= _LONGEST else None
        if not found:
            raise ForgedError("no bearer token")
        proven = await self._checked(found[1])
        self._proven[header] = proven
        return proven.service

    def _is_good(self, known: _Proven) -> bool:
        return self.now().timestamp() < known.ends

    async def _checked(self, token: str) -> _Proven:
        import jwt

        try:
            kid = _key_id(jwt.get_unverified_header(token))
            key = await self.keys.get(kid)
            if key is None:
                raise ForgedError("an unknown key")
            if CHANNEL not in key.endorsements:
                raise ForgedError("a key that is not endorsed for Teams")
            claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self.app_id,
                issuer=ISSUER,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            raise ForgedError(type(error).__name__) from None
        return _Proven(kid, key, claims["exp"] + _LEEWAY, _service(claims))


def _key_id(signed: Mapping[str, Any]) -> str:
    kid = signed.get("kid")
    if signed.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
        raise ForgedError("not signed as it must be")
    return kid


def _service(claims: Mapping[str, Any]) -> str:
    service = claims.get("serviceurl") or claims.get("serviceUrl")
    if not isinstance(service, str) or not service:
        raise ForgedError("no service URL")
    return service
