"""One module for each platform: see `bot.commands.manifest.Packer`."""

from __future__ import annotations

from bot.errors import UserError
from bot.settings import Settings


def public_url(settings: Settings, otherwise: str = "") -> str:
    """Return the address that platforms reach the bot at. Raises `UserError`."""
    url = settings.public_url
    if not url or not url.startswith("https://"):
        more = f" ({otherwise})" if otherwise else ""
        raise UserError(f"FLOWMEND_PUBLIC_URL: needed, like https://flowmend.example.com{more}")
    return url
