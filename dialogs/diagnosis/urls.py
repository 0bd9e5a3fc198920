"""Addresses in a text: what those of the portals and their services say, and the text without them.

Every other host is a stranger, however much it looks like a portal, and gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from dialogs.diagnosis.clouds import cloud_of, maker_cloud, sign_in_cloud
from dialogs.diagnosis.ids import is_connection, is_environment, is_guid, is_run

_URL = re.compile(r"[hH][tT][tT][pP][sS]?://([^\s\"'<>|^`{}/?#]*+)([^\s\"'<>|\\^`{}]*+)")
_BARE = re.compile(
    r"(?<![\w@.:/%-])((?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z]{2,12}(?::\d{1,5})?)(/[^\s\"'<>|\\^`{}]*+)"
)
_RESOURCE = re.compile(
    r"(?<![\w.@:/%-])(?:/?providers/[Mm]icrosoft\.(?:[Pp]rocess[Ss]imple|[Pp]ower[Aa]pps)|)"
    r"(/(?:scopes/admin/)?(?:environments|apis|flows)/[^\s\"'<>|\\^`{}]*+)"
)
_HOST = re.compile(r"((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,12})(?::\d{1,5})?")
_REDIRECT = re.compile(r"[?&]url=([^&#]{1,2000})")
_REDIRECTORS = (".safelinks.protection.outlook.com", "statics.teams.cdn.office.net")
_PART = re.compile(
    r"/(environments|e|flows|cloudflows|runs|histories|solutions)/([^/?#&]{1,80})", re.IGNORECASE
)
_QUERY = re.compile(
    r"[?&](environment(?:id|name)?|flowid|workflowid|runid|solutionid|tenantid)=([^&#]{1,80})",
    re.IGNORECASE,
)
_CONNECTION = re.compile(r"/connections/(?:shared_\w{1,60}/)?([^/?#]{1,100})", re.IGNORECASE)
_TENANT = re.compile(r"/([^/?#]{36})(?:[/?#]|$)")

_PUNCTUATION = ".,;:!)]*_…。、，)"
"""What a sentence puts behind an address."""

_IDS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "environments": ("environment", is_environment),
    "environment": ("environment", is_environment),
    "environmentid": ("environment", is_environment),
    "environmentname": ("environment", is_environment),
    "e": ("environment", is_environment),
    "flows": ("flow_id", is_guid),
    "cloudflows": ("flow_id", is_guid),
    "flowid": ("flow_id", is_guid),
    "workflowid": ("flow_id", is_guid),
    "runs": ("run_id", is_run),
    "histories": ("run_id", is_run),
    "runid": ("run_id", is_run),
    "solutions": ("solution_id", is_guid),
    "solutionid": ("solution_id", is_guid),
    "tenantid": ("tenant", is_guid),
}
"""What a part of an address is called -> the id it holds, and what accepts it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the addresses of one text say."""

    rest: str
    """The text without them."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Fields of `Evidence`; environment, flow and run belong together."""
    cloud: str | None = None
    hosts: tuple[str, ...] = ()
    """In lower case, in the order of the text; strangers too."""


def read_addresses(text: str) -> Addresses:
    """Return what the addresses in `text` say; `text` without entities and escapes."""
    hosts: list[str] = []
    found: list[tuple[str | None, dict[str, str]]] = []

    def take(match: re.Match[str]) -> str:
        host, cloud, ids = _read(match[1], match[2])
        if host:
            hosts.append(host)
        if ids or cloud:
            found.append((cloud, ids))
        return " "

    rest = _URL.sub(take, text) if "://" in text else text
    if "/environments/" in rest or "/flows/" in rest or "nvironmentId=" in rest:
        rest = _BARE.sub(take, rest)
    if "/environments/" in rest or "/apis/" in rest or "/flows/" in rest:
        found += [(None, _ids_of_path(match[1])) for match in _RESOURCE.finditer(rest)]
    return Addresses(rest, *_agreed(found), tuple(hosts))


def _read(authority: str, path: str) -> tuple[str | None, str | None, dict[str, str]]:
    """Return host, cloud and ids of one address; no host when it is dressed up as another."""
    match = _HOST.fullmatch(authority.lower())
    if match is None:
        return None, None, {}
    host = match[1]
    inner = host.endswith(_REDIRECTORS) and _REDIRECT.search(path)
    if inner:
        target = _URL.fullmatch(unquote(inner[1]))
        return (host, None, {}) if target is None else _read_target(target)
    if maker_cloud(host):
        return host, maker_cloud(host), _ids_of_path(path)
    if sign_in_cloud(host):
        tenant = _TENANT.match(path)
        ids = {"tenant": tenant[1]} if tenant and is_guid(tenant[1]) else {}
        return host, sign_in_cloud(host), ids
    return host, cloud_of(host), {}


def _read_target(target: re.Match[str]) -> tuple[str | None, str | None, dict[str, str]]:
    authority = target[1].lower()
    return (None, None, {}) if authority.endswith(_REDIRECTORS) else _read(authority, target[2])


def _ids_of_path(path: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, value in _parts(path):
        field_name, accepts = _IDS[name.lower()]
        if accepts(value):
            ids.setdefault(field_name, value)
    connection = _CONNECTION.search(path)
    if connection and is_connection(connection[1].rstrip(_PUNCTUATION)):
        ids["connection_id"] = connection[1].rstrip(_PUNCTUATION)
    return ids


def _parts(path: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of the path and its query; a value may be the next one's name."""
    for pattern in (_PART, _QUERY):
        at = 0
        while match := pattern.search(path, at):
            yield match[1], match[2].rstrip(_PUNCTUATION)
            at = match.end(1)


def _agreed(found: list[tuple[str | None, dict[str, str]]]) -> tuple[dict[str, str], str | None]:
    """Join what several addresses say: the fullest leads, one that contradicts it is left out."""
    ranked = sorted(found, key=lambda one: -_weight(one[1]))
    ids: dict[str, str] = {}
    clouds = [cloud for cloud, said in ranked if cloud]
    for _, said in ranked:
        if all(ids.get(name, value) == value for name, value in said.items()):
            ids |= said
    return ids, clouds[0] if clouds else None


def _weight(ids: Mapping[str, str]) -> int:
    return sum(
        weight
        for name, weight in (("run_id", 4), ("flow_id", 2), ("environment", 1))
        if name in ids
    )
