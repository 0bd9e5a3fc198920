"""`flowmend manifest teams`: the package that an administrator uploads."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bot.commands.manifests import public_url
from bot.errors import UserError
from bot.settings import Settings

ABOUT = "the package that an administrator uploads, as ZIP"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what is particular to Teams."""
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


def run(args: argparse.Namespace, settings: Settings, template: Callable[[str], bytes]) -> int:
    """See `Packer.run`."""
    from adapters.teams.edge import ROUTE
    from adapters.teams.manifest import FILES, package

    if not (app_id := settings.teams_app_id):
        raise UserError("FLOWMEND_TEAMS_APP_ID: needed, it is part of the package")
    url = public_url(settings)
    files = {name: template(f"teams/{name}") for name in FILES}
    number = ".".join((*version("flowmend").split("."), "0", "0")[:3])
    packed = package(files, app_id=app_id, public_url=url, version=number, read_all=args.read_all)
    Path(args.out).write_bytes(packed)
    endpoint = f"{url.rstrip('/')}{ROUTE}"
    print(f"{args.out}: ready to upload; the messaging endpoint is {endpoint}")
    return 0
