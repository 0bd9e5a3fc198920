"""What was read from files and compiled, kept as Python keeps its own compiled modules.

Reading forty files and compiling four thousand signs takes longer than all else that a command
does, and comes out the same until one of the files changes. So it is kept in `__pycache__` beside
them, where that may be written: whoever may change it there could change the code as well.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import pydantic

T = TypeVar("T")

_SOURCES = (".py", ".toml")


def kept(package: Path, name: str, make: Callable[[], T]) -> T:
    """Return what `make` made of the files of `package` when they were as they are now.

    `name` tells apart what is kept of one package. Raises what `make` raises, which is not kept.
    """
    file = _place(package, name)
    if file is None:
        return make()
    stamp = _stamp(package)
    # Whatever is wrong with a file that can be made anew is no reason to fail.
    with suppress(Exception), file.open("rb") as content:
        if content.readline() == stamp:
            found: T = pickle.load(content)  # noqa: S301 - as trusted as the code beside it
            return found
    made = make()
    with suppress(OSError):
        _keep(file, stamp, made)
    return made


def _place(package: Path, name: str) -> Path | None:
    """Return where it is kept; None where this Python keeps nothing."""
    try:
        return Path(cache_from_source(str(package / "__init__.py"))).with_suffix(f".{name}.pickle")
    except NotImplementedError:
        return None


def _stamp(package: Path) -> bytes:
    """Return a line that is another one as soon as a file, Python or a library is."""
    seen = sha256(f"{sys.version} {pydantic.VERSION}".encode())
    for path, status in sorted(_sources(package)):
        seen.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode())
    return f"{seen.hexdigest()}\n".encode()


def _sources(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _sources(Path(entry.path))
            elif entry.name.endswith(_SOURCES):
                yield entry.path, entry.stat()


def _keep(file: Path, stamp: bytes, made: object) -> None:
    """Write it whole or not at all: another process may be reading, or writing the same."""
    file.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as written:
        try:
            written.write(stamp)
            pickle.dump(made, written, pickle.HIGHEST_PROTOCOL)
            written.close()
            Path(written.name).chmod(0o644)
            Path(written.name).replace(file)
        except BaseException:
            Path(written.name).unlink()
            raise
