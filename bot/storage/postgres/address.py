"""`postgresql://USER:PASSWORD@HOST/NAME`, read so that no part of it is shown by mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from bot.storage import Unusable

SHAPE = "postgresql://USER:PASSWORD@HOST/NAME"
_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
_CACHE = "statement_cache_size"
_PARAMETERS = {
    "application_name",
    "host",
    "passfile",
    "search_path",
    "sslcert",
    "sslcrl",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
}
"""What the driver takes, as libpq names it; it would send anything else to the server."""
_HOSTS = re.compile(
    r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(,([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?)*"
)
_QUOTE = "special characters in the user and the password are written %XX"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is."""

    dsn: str = field(repr=False)
    """What the driver takes: the password is in it."""
    shown: str
    """`HOST/NAME`: what people are told."""
    pooled: bool = False
    """Whether each transaction may come to another connection, as behind PgBouncer."""


def is_postgres(url: str) -> bool:
    """Tell whether `url` names a PostgreSQL database, well or badly."""
    return url.partition(":")[0] in _SCHEMES


def parse(url: str) -> Address:
    """Return what `url` says. Raises `Unusable`, which does not repeat any of it."""
    try:
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise _wrong(_QUOTE) from None
    name = unquote(parts.path.removeprefix("/"))
    where = parts.netloc.rpartition("@")[2] or parameters.get("host", "")
    if not name or not where:
        raise _wrong("the host or the name is missing")
    if not _is_clear(parts):
        raise _wrong(_QUOTE)
    pooled = parameters.pop(_CACHE, None)
    if pooled not in (None, "0"):
        raise _wrong(f"{_CACHE} can only be 0")
    if not parameters.keys() <= _PARAMETERS:
        known = ", ".join(sorted(_PARAMETERS | {_CACHE}))
        raise _wrong(f"it has a parameter that is not known here; known are {known}")
    query = f"?{urlencode(parameters)}" if parameters else ""
    dsn = f"postgresql://{parts.netloc}{parts.path}{query}"
    return Address(dsn=dsn, shown=f"{where}/{name}", pooled=pooled == "0")


def _is_clear(parts: SplitResult) -> bool:
    """Tell whether a bare `/`, `?`, `#` or `@` in the password cannot have cut it in two."""
    user, _, hosts = parts.netloc.rpartition("@")
    unquoted = "@" in user or "@" in parts.query or bool(set("/@:") & set(parts.path[1:]))
    return not (unquoted or parts.fragment or (hosts and not _HOSTS.fullmatch(hosts)))


def _wrong(why: str) -> Unusable:
    return Unusable(f"the database must be named as {SHAPE}: {why}")
