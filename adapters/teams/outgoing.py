"""What the service said, in the words of the port: again later, or never."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from adapters.base import DeliveryError, Gone, TryLater
from adapters.teams.transport import RefusedError
from adapters.web import retry_after

_LATER = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,  # the two sides are not set up alike: people will see to that
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit"""
_WHY = {
    "MessageWritesBlocked": "the person has blocked or removed the bot",
    "BotNotInConversationRoster": "the bot is not installed there",
    "BotDisabledByAdmin": "an administrator has blocked the bot",
    "ConversationNotFound": "the conversation was deleted",
    "MessageSizeTooBig": "the card is too large",
}


def failure(refused: RefusedError, now: datetime) -> DeliveryError:
    """Return what `refused` means for whoever delivers."""
    if refused.status >= 500 or refused.status in _LATER:
        return TryLater(str(refused), retry_after(refused.after, now))
    why = _WHY.get(refused.code)
    return Gone(f"{refused}: {why}" if why else str(refused))
