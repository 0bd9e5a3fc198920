"""The conversation's content, as the settings want it."""

from __future__ import annotations

import gc
from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dialogs
from bot.compiled import kept
from bot.errors import UserError
from bot.hours import holidays_of, week_of
from bot.settings import PREFIX, Settings
from dialogs.hours import Hours
from dialogs.library import ENGLISH, BadContent, Library, Policy, load

if TYPE_CHECKING:
    from dialogs.ticket.desks import Desk

OURS = Path(dialogs.__file__).parent
"""Where our own playbooks, look-alikes and languages stand."""
_YOUNG = 10_000
"""New objects before the collector looks for cycles: a diagnosis makes hundreds, and no cycle."""


def languages(settings: Settings) -> tuple[str, ...]:
    """Return the languages that have files, English first."""
    roots = [OURS, settings.playbooks] if settings.playbooks else [OURS]
    found = {path.name for root in roots for path in (root / "locales").glob("[a-z][a-z]/")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def language(settings: Settings, option: str | None) -> str:
    """Return the language to speak: `option` (`--language`) before the setting.

    Raises `UserError` when there is no such language.
    """
    there = languages(settings)
    if settings.language not in there:
        raise UserError(_unknown(f"{PREFIX}LANGUAGE", settings.language, there))
    if option is not None and option not in there:
        raise UserError(_unknown("--language", option, there))
    return option or settings.language


def library(settings: Settings, *only: str, waits: bool = False) -> Library:
    """Return the library; with `only` these languages, beside English.

    With `waits` the bot asks again when nobody answers: not where somebody sits at a terminal.

    What was made until now stays, so the collector, which `cli` has put off, need not look there.
    Raises `UserError` naming the file and the key that are wrong.
    """
    language(settings, None)
    policy = Policy(
        language=settings.language,
        contact=settings.fallback_contact,
        remind_after=settings.remind_after if waits else None,
        close_after=settings.close_after if waits else None,
        administrators=settings.administrators,
        hours=_hours(settings),
        claim_after=settings.claim_after,
        answer_after=settings.answer_after,
    )
    try:
        book = _compiled(settings.playbooks, {settings.language, *only} if only else None)
    except BadContent as error:
        raise UserError(str(error)) from None
    if settings.desks:
        policy = replace(policy, desks=desks_of(settings.desks, book))
    book = book.under(policy)
    gc.freeze()
    gc.set_threshold(_YOUNG)
    gc.enable()
    return book


def _compiled(overlay: Path | None, wanted: Set[str] | None) -> Library:
    """Return the content, compiled: a sign that is not in the notation is told at once."""

    def made() -> Library:
        book = load(overlay, sorted(wanted) if wanted else None)
        _ = book.reader
        return book

    # A deployer's own files are read each time: they are in no package, and few.
    return made() if overlay else kept(OURS, "-".join(sorted(wanted or {"all"})), made)


def _hours(settings: Settings) -> Hours | None:
    if settings.business_hours is None:
        return None
    return Hours(
        zone=ZoneInfo(settings.time_zone),
        week=week_of(settings.business_hours),
        holidays=holidays_of(settings.holidays) if settings.holidays else frozenset(),
    )


def desks_of(setting: str, book: Library) -> tuple[Desk, ...]:
    """Return the desks that the setting names. Raises `UserError` with the word that is wrong."""
    # Imported here: commands that know of no desk start sooner without all that tickets need.
    from dialogs.ticket.desks import BadRoute, Desk, routed

    desks = []
    for entry in setting.split(";"):
        key, _, words = entry.strip().partition(" ")
        if not key:
            continue
        platform, tenant, channel = key.split(":", 2)
        bare = Desk(platform=platform, tenant=tenant, channel=channel)
        try:
            desks.append(routed(bare, words, book.causes, book.languages))
        except BadRoute as word:
            raise UserError(f"{PREFIX}DESKS: '{word}' is no cause and no language") from None
    return tuple(desks)


def _unknown(name: str, language: str, there: tuple[str, ...]) -> str:
    return f"{name}: no language '{language}'; there are {', '.join(there)}"
