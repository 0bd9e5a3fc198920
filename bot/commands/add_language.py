"""`flowmend add-language`: the files of a new language, ready to be filled in."""

from __future__ import annotations

import argparse
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp

from bot.commands.template import template
from bot.content import OURS, languages, library
from bot.errors import UserError
from bot.settings import Settings, read
from dialogs.content import Raw, leaves, stack, texts

_WORDS = "_words"
_SPOKEN = ("phrases", "labels", "links", "secrets", "pack", "typed", "languages")
"""Tables of `_words.toml` that hold words; `months` and `fillers` stand above them."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See `Command.configure`."""
    parser.add_argument("language", metavar="XX", help="the language's two letters (ISO 639-1)")
    parser.add_argument("--into", metavar="DIR", type=Path, help="the folder to put locales/XX in")
    parser.epilog = (
        "Lays out locales/XX with every English text as a comment: take the # off a line and\n"
        "write the language's own words there. What is left out stays English. Without --into the\n"
        "files go to FLOWMEND_PLAYBOOKS, or beside the languages that are there already.\n\n"
        "example:\n  flowmend add-language de\n  flowmend check --language de"
    )


def run(args: argparse.Namespace) -> int:
    """See `Command.run`."""
    settings = read()
    library(settings)
    target = _target(args.language, args.into, settings)
    count = _write(target, dict(_files(settings)))
    print(f"{count} files laid out in {target}")
    print(f"'flowmend check --language {args.language}' lists what they still lack.")
    return 0


def _target(name: str, into: Path | None, settings: Settings) -> Path:
    if len(name) != 2 or not (name.isascii() and name.islower()):
        raise UserError(f"'{name}' is no language; write its two letters, like de or ja")
    target = (into or settings.playbooks or OURS) / "locales" / name
    if name in languages(settings) or target.exists():
        raise UserError(f"{target}: the language '{name}' is there already")
    return target


def _files(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield name and content of each file to lay out."""
    for folder in ("playbooks", "lookalikes"):
        for name, raw in sorted(_raw(folder, settings).items()):
            known = _words(raw) if name == _WORDS else dict(texts(raw))
            about = f"{folder}/{name}.toml, in English: {raw.get('title', 'shared words')}"
            yield f"{name}.toml", template(about, known)


def _raw(folder: str, settings: Settings) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for root in (OURS, settings.playbooks):
        for path in sorted((root / folder).glob("*.toml")) if root else ():
            raw = tomllib.loads(path.read_text("utf-8"))
            found[path.stem] = stack(found.get(path.stem, {}), raw)
    return found


def _words(raw: Raw) -> dict[str, object]:
    above = {key: raw[key] for key in ("name", "months", "fillers") if key in raw}
    below = {key: raw[key] for key in _SPOKEN if key in raw}
    return above | dict(leaves(below))


def _write(target: Path, files: Mapping[str, str]) -> int:
    """Write all files or none."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            for name, content in files.items():
                (beside / name).write_text(content, "utf-8")
            beside.chmod(0o755)
            beside.rename(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)  # once renamed, it is no longer there
    except OSError as error:
        said = f"{target}: {error.strerror}; --into DIR puts it elsewhere"
        raise UserError(said) from None
    return len(files)
