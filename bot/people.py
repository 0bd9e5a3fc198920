"""What people are called by those who administer the bot. Pure."""

from __future__ import annotations

from bot.storage import Person

OPERATOR = "operator"
"""The platform of whoever runs a command; the tenant is empty, the user is their login."""


def label(person: Person | None) -> str:
    """Return `platform:user`, as it is shown; 'forgotten' for whoever was."""
    if person is None:
        return "forgotten"
    prefix = f"{person.platform}:"
    return person.user if person.user.startswith(prefix) else f"{prefix}{person.user}"


def full_name(person: Person) -> str:
    """Return `platform:tenant:user`, which is nobody else's."""
    return ":".join(filter(None, (person.platform, person.tenant, person.user)))


def is_called(person: Person, name: str) -> bool:
    """Tell whether `name` may mean `person`.

    What is at hand differs: the user id of Slack or of Entra, alone or with the platform or the
    tenant before it, or the last part of an id that has several. Letter case is not looked at: ids
    are copied from places that change it.
    """
    wanted = name.strip().casefold()
    whole, platform = full_name(person), person.platform
    names = {whole, label(person), f"{platform}:{person.user}", person.user}
    known = {it.casefold() for it in names}
    return bool(wanted) and (wanted in known or whole.casefold().endswith(f":{wanted}"))
