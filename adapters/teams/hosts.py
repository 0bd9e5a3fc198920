"""Which hosts may be called: where Microsoft's service is, and where files of Teams are kept.

Every request that goes there carries a token of ours, and the address came with a message.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from adapters.hosts import is_loopback

PUBLIC_CLOUD = "https://smba.trafficmanager.net/teams/"
"""Microsoft's service for everybody: where a channel is reached that nobody has written from yet.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
"""
_SERVICES = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",  # the US government's community cloud
    "botframework.com",
)
_FILES = ("sharepoint.com", "svc.ms")


def is_service(url: str, *, loopback: bool = False) -> bool:
    """Tell whether replies may be sent to `url`; `loopback` admits this very machine."""
    return _is_at(url, _SERVICES, loopback=loopback)


def has_files(url: str, *, loopback: bool = False) -> bool:
    """Tell whether files may be read from `url`."""
    return _is_at(url, _FILES, loopback=loopback)


def _is_at(url: str, domains: tuple[str, ...], *, loopback: bool) -> bool:
    try:
        parts = urlsplit(url)
        host, port, whose = parts.hostname or "", parts.port, parts.username
    except ValueError:
        return False
    if whose is not None or not url.isascii() or not url.isprintable() or "\\" in url:
        return False
    if loopback and is_loopback(host):
        return parts.scheme in ("http", "https")
    at_home = any(host == domain or host.endswith(f".{domain}") for domain in domains)
    return parts.scheme == "https" and port in (None, 443) and at_home
