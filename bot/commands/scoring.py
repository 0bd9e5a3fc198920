"""How good a diagnosis is: figures over labelled messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled message and what was said of it; a cause is None when it is no auth failure."""

    line: int
    text: str
    language: str
    auth: bool
    cause: str | None
    said_auth: bool
    said_cause: str | None
    said_kind: str | None

    @property
    def right(self) -> bool:
        """Tell whether label and cause are right; a message without a cause needs the label."""
        return self.auth == self.said_auth and (not self.auth or self.right_cause)

    @property
    def right_cause(self) -> bool:
        """Tell whether the cause was named; True where the label names none."""
        return self.cause is None or self.cause == self.said_cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Ratios between 0 and 1; None where there was nothing to divide by."""

    messages: int
    precision: float | None
    recall: float | None
    f1: float | None
    cause_of_found: float | None
    """Right causes among the auth failures that were found as such."""
    cause_of_all: float | None
    """Right causes among all auth failures."""


def score(judged: Iterable[Judged]) -> Scores:
    """Return the figures of `judged`."""
    every = list(judged)
    auth = [one for one in every if one.auth]
    said = [one for one in every if one.said_auth]
    found = [one for one in auth if one.said_auth]
    right = [one for one in found if one.right_cause]
    return Scores(
        messages=len(every),
        precision=_ratio(len(found), len(said)),
        recall=_ratio(len(found), len(auth)),
        f1=_ratio(2 * len(found), len(said) + len(auth)),
        cause_of_found=_ratio(len(right), len(found)),
        cause_of_all=_ratio(len(right), len(auth)),
    )


def by_language(judged: Iterable[Judged]) -> dict[str, Scores]:
    """Return language -> figures, in the order of their names."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.language, []).append(one)
    return {language: score(groups[language]) for language in sorted(groups)}


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
