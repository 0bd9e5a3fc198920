"""`flowmend manifest`: packs what a chat platform needs to install the bot."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

from adapters.teams.manifest import FILES, UnfitError, package
from bot.errors import UserError
from bot.settings import Settings, read

_HERE = Path(__file__).parents[1]
_FOLDERS = (_HERE.parent / "manifest", _HERE / "manifest")
"""In a clone, and in an installed program."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("platform", choices=["teams"], help="whose package")
    parser.add_argument("--out", metavar="FILE", required=True, help="the ZIP file to write")
    parser.add_argument(
        "--read-all",
        action="store_true",
        help="ask for the right to hear messages that do not mention the bot",
    )
    parser.epilog = (
        "Takes ids and address from FLOWMEND_TEAMS_APP_ID and FLOWMEND_PUBLIC_URL. What is done\n"
        "with the file stands in manifest/teams/README.md.\n\n"
        "example:\n"
        "  flowmend manifest teams --out app.zip"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings, out = read(), Path(args.out)
    try:
        packed = _teams(settings, read_all=args.read_all)
    except UnfitError as error:
        raise UserError(f"the package cannot be made: {error}") from None
    out.write_bytes(packed)
    url = (settings.public_url or "").rstrip("/")
    print(f"{out}: ready to upload; the messaging endpoint is {url}/api/messages")
    return 0


def _teams(settings: Settings, *, read_all: bool) -> bytes:
    app_id, url = settings.teams_app_id, settings.public_url
    if not app_id:
        raise UserError("FLOWMEND_TEAMS_APP_ID: needed, it is part of the package")
    if not url or not url.startswith("https://"):
        raise UserError("FLOWMEND_PUBLIC_URL: needed, like https://flowmend.example.com")
    folder = next((it for it in _FOLDERS if (it / "teams" / FILES[0]).is_file()), None)
    if folder is None:
        raise UserError("the templates of the package are missing; install flowmend anew")
    files = {name: (folder / "teams" / name).read_bytes() for name in FILES}
    number = ".".join((*version("flowmend").split("."), "0", "0")[:3])
    return package(files, app_id=app_id, public_url=url, version=number, read_all=read_all)
