"""`flowmend manifest slack`: the text that an app of Slack's is made from."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.commands.manifests import public_url
from bot.errors import UserError
from bot.settings import Settings

ABOUT = "the manifest that an app is made from, as YAML"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what is particular to Slack."""
    parser.add_argument("--out", metavar="FILE", help="the file to write; else it is printed")
    parser.add_argument(
        "--socket",
        action="store_true",
        help="for Socket Mode: nothing need be reached from outside",
    )
    parser.epilog = (
        "Takes the address from FLOWMEND_PUBLIC_URL. What is done with the manifest stands in\n"
        "manifest/slack/README.md.\n\n"
        "examples:\n"
        "  flowmend manifest slack --socket\n"
        "  FLOWMEND_PUBLIC_URL=https://bot.example.com flowmend manifest slack --out slack.yaml"
    )


def run(args: argparse.Namespace, settings: Settings, template: Callable[[str], bytes]) -> int:
    """See `Packer.run`."""
    try:
        from adapters.slack.manifest import FILE, manifest
    except ImportError as error:
        raise UserError(f"for Slack, install 'flowmend[slack]' ({error})") from None
    url = None if args.socket else public_url(settings, "or give --socket")
    told = manifest(template(f"slack/{FILE}").decode(), url)
    if args.out:
        Path(args.out).write_text(told, "utf-8")
        print(f"{args.out}: ready; make an app of it at https://api.slack.com/apps?new_app=1")
    else:
        print(told, end="")
    return 0
