"""The forms of the ids that Power Automate writes, and what accepts them."""

from __future__ import annotations

import re

HEX = "0-9a-fA-F"
GUID = rf"[{HEX}]{{8}}-[{HEX}]{{4}}-[{HEX}]{{4}}-[{HEX}]{{4}}-[{HEX}]{{12}}"
ENVIRONMENT = rf"(?:[Dd]efault-)?{GUID}"
RUN = r"08\d{18,32}CU\d{2,4}"
CONNECTION = rf"(?:shared[-_][a-zA-Z0-9_]{{1,50}}-)?(?:{GUID}|[{HEX}]{{32}})"

EMPTY = "00000000-0000-0000-0000-000000000000"
"""Stands for no id at all."""

_GUID = re.compile(GUID)
_ENVIRONMENT = re.compile(ENVIRONMENT)
_RUN = re.compile(RUN)
_CONNECTION = re.compile(CONNECTION)


def is_guid(value: str) -> bool:
    """Tell whether `value` is a GUID that names something."""
    return _GUID.fullmatch(value) is not None and value != EMPTY


def is_environment(value: str) -> bool:
    """Tell whether `value` names an environment: a GUID or `Default-<tenant>`."""
    return _ENVIRONMENT.fullmatch(value) is not None and not value.endswith(EMPTY)


def is_run(value: str) -> bool:
    """Tell whether `value` is the id of one run of a flow."""
    return _RUN.fullmatch(value) is not None


def is_connection(value: str) -> bool:
    """Tell whether `value` is the id of a connection, not of a connection reference."""
    return _CONNECTION.fullmatch(value) is not None and not value.endswith(EMPTY)
