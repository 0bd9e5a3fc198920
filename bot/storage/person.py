"""Whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.events import Origin


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform, wherever they talk."""

    platform: str
    tenant: str
    user: str

    @classmethod
    def of(cls, origin: Origin) -> Person:
        """Return who spoke."""
        return cls(origin.platform, origin.tenant, origin.user)
