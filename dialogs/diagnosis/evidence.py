"""What a text shows beside the error itself: ids, names, time, account. Found or absent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dialogs.diagnosis.clouds import cloud_of
from dialogs.diagnosis.connectors import find_connector
from dialogs.diagnosis.ids import CONNECTION, GUID, HEX, RUN, is_connection
from dialogs.diagnosis.labels import Labelled, labelled
from dialogs.diagnosis.model import Evidence
from dialogs.diagnosis.moments import find_account, find_timestamp
from dialogs.diagnosis.names import find_action, find_flow
from dialogs.diagnosis.urls import Addresses, read_addresses
from dialogs.letters import lower

_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([nrt])|([\"'/\\]))")
_ENTITY = re.compile(r"&(?:amp;){0,3}(quot|apos|lt|gt|amp|nbsp|#39|#34|#x27|#x2[fF]|#x3[dD]);")
_ENTITIES = {
    "quot": '"', "#34": '"', "apos": "'", "#39": "'", "#x27": "'", "lt": "<", "gt": ">",
    "amp": "&", "nbsp": " ", "#x2f": "/", "#x3d": "=",
}  # fmt: skip
_INLINE = re.compile(r"</?(?:a|b|strong|i|em|u|span|font|code)(?:\s[^<>]{0,400})?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,12}(?:\s[^<>]{0,400})?/?>")
_RUN = re.compile(rf"08(?<![0-9a-zA-Z/]08)(?={RUN[2:]}(?![0-9a-zA-Z]))\d{{18,32}}CU\d{{2,4}}")
_CONNECTION_ID = re.compile(
    rf"connection(?:[ _-]?(?:id|name))?[\"'\s:=(“‘]{{1,6}}({CONNECTION})(?![\w-])", re.IGNORECASE
)
_CONNECTION_NAME = re.compile(rf"shared-[a-z0-9]{{2,40}}-(?:{GUID}|[{HEX}]{{32}})(?![\w-])")
_WORKFLOW = re.compile(rf"\"name\"\s{{0,4}}:\s{{0,4}}\"({GUID})\"")
_CLOUD_HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:us|cn)(?![\w-])")
_NOTHING = Evidence()


def find_evidence(text: str, root: str = "") -> Evidence:
    """Return what `text` (redacted, of any form: JSON, mail, HTML, chat) shows of the failure that
    the words `root` of it tell.

    Every id stands in the text and has the form of its kind; those of addresses count only on
    Microsoft's own hosts. Names come from outside: show them, never act on them. Never raises.
    """
    addresses = read_addresses(_plain(text))
    rest = addresses.rest
    if "<" in rest:
        rest = _TAG.sub("\n", _INLINE.sub("", rest))
    low = lower(rest)
    marks = list(labelled(rest))
    ids = {**_first(marks), **_shaped(rest, low), **addresses.ids}
    trace = _one(marks, "trace_id", -1)
    near = _one(marks, "correlation_id", trace.start if trace else -1)
    if near:
        ids["correlation_id"] = near.value
    environment = ids.get("environment", "")
    if environment.lower().startswith("default-"):
        ids.setdefault("tenant", environment[8:])
    shown = {
        "connector": find_connector(rest, low, addresses.hosts, root),
        "action": find_action(rest, low),
        "flow": find_flow(rest, low),
        "timestamp": find_timestamp(rest, trace.start if trace else -1),
        "account": find_account(rest),
        **ids,
    }
    cloud = _cloud(addresses, low)
    if cloud == _NOTHING.cloud and not any(shown.values()):
        return _NOTHING
    return Evidence(cloud=cloud, **shown)


def _plain(text: str) -> str:
    """Return `text` without the escapes of JSON and HTML; other characters stay as they are."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _ENTITIES[match[1].lower()], text)
    return text


def _unescaped(match: re.Match[str]) -> str:
    code, space, sign = match.groups()
    if code:
        character = chr(int(code, 16))
        return "\ufffd" if "\ud800" <= character <= "\udfff" else character
    return "\n" if space else sign


def _first(marks: Iterable[Labelled]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for mark in marks:
        ids.setdefault(mark.field, mark.value)
    return ids


def _one(marks: Iterable[Labelled], name: str, after: int) -> Labelled | None:
    """Return the first mark of that name behind `after`."""
    return next((one for one in marks if one.field == name and one.start > after), None)


def _shaped(rest: str, low: str) -> dict[str, str]:
    """Return the ids that are known by their form, or by a form and one word."""
    ids: dict[str, str] = {}
    run = _RUN.search(rest) if "CU" in rest else None
    if run:
        ids["run_id"] = run[0]
    if "connection" in low:
        match = _CONNECTION_ID.search(rest)
        if match and is_connection(match[1]):
            ids["connection_id"] = match[1]
    if "shared-" in rest and "connection_id" not in ids:
        match = _CONNECTION_NAME.search(rest)
        if match:
            ids["connection_id"] = match[0]
    if "microsoft.logic/workflows" in low or "microsoft.processsimple" in low:
        match = _WORKFLOW.search(rest)
        if match:
            ids["flow_id"] = match[1]
    return ids


def _cloud(addresses: Addresses, low: str) -> str | None:
    if addresses.cloud:
        return addresses.cloud
    if ".us" in low or ".cn" in low:
        hosts = (match[0] for match in _CLOUD_HOST.finditer(low))
        return next((cloud for cloud in map(cloud_of, hosts) if cloud), None)
    return None
