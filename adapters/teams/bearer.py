"""Who may post activities: Microsoft's service, proven by a token that it has signed for us.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
lists what must hold; botbuilder 4.17.1 lets several of these things be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.teams.keys import SigningKeys

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
_LEEWAY = 300
"""Seconds that clocks may differ by."""
_LONGEST = 16_000
_FORM = re.compile(r"Bearer ([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII)


class ForgedError(Exception):
    """The caller did not prove to be Microsoft's service; says why, for the log alone."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Checks tokens that are meant for `app_id`."""

    app_id: str
    keys: SigningKeys

    async def service_of(self, header: str) -> str:
        """Return the service URL that the token in `header` speaks for.

        Raises `ForgedError`, or `KeysUnavailableError`.
        """
        import jwt

        found = _FORM.fullmatch(header) if len(header) <= _LONGEST else None
        if not found:
            raise ForgedError("no bearer token")
        try:
            signed = jwt.get_unverified_header(found[1])
            kid = signed.get("kid")
            if signed.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
                raise ForgedError("not signed as it must be")
            key = await self.keys.get(kid)
            if key is None:
                raise ForgedError("an unknown key")
            if CHANNEL not in key.endorsements:
                raise ForgedError("a key that is not endorsed for Teams")
            claims = jwt.decode(
                found[1],
                key.public,
                algorithms=["RS256"],
                audience=self.app_id,
                issuer=ISSUER,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            raise ForgedError(type(error).__name__) from None
        return _service(claims)


def _service(claims: Mapping[str, Any]) -> str:
    service = claims.get("serviceurl") or claims.get("serviceUrl")
    if not isinstance(service, str) or not service:
        raise ForgedError("no service URL")
    return service
