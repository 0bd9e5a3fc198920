"""`flowmend manifest`: what a chat platform needs to install the bot."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from adapters.manifests import UnfitError
from bot.commands.manifests import slack, teams
from bot.errors import UserError
from bot.settings import Settings, read


class Packer(Protocol):
    """What each module of `bot.commands.manifests` has."""

    ABOUT: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the platform's own arguments."""
        ...

    def run(
        self, args: argparse.Namespace, settings: Settings, template: Callable[[str], bytes]
    ) -> int:
        """Write what is needed; return the exit code. Raises `UserError`, or `UnfitError`."""
        ...


_PLATFORMS: dict[str, Packer] = {"teams": teams, "slack": slack}
_HERE = Path(__file__).parents[1]
_FOLDERS = (_HERE.parent / "manifest", _HERE / "manifest")
"""In a clone, and in an installed program."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    platforms = parser.add_subparsers(
        metavar="PLATFORM", title="platforms", dest="platform", required=True
    )
    for name, module in _PLATFORMS.items():
        own = platforms.add_parser(
            name,
            help=module.ABOUT,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.configure(own)
    parser.epilog = (
        "examples:\n  flowmend manifest teams --out app.zip\n  flowmend manifest slack --socket"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    try:
        return _PLATFORMS[args.platform].run(args, read(), template)
    except UnfitError as error:
        raise UserError(f"the manifest cannot be made: {error}") from None


def template(name: str) -> bytes:
    """Return the file `name` of the templates. Raises `UserError`."""
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return (folder / name).read_bytes()
    raise UserError(f"the template {name} is missing; install flowmend anew")
