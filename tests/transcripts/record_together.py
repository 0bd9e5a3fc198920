"""Writes the answers of transcripts with several people anew; see `record`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from dialogs.library import load
from tests.transcripts.together import FOLDER, Stage, play


async def main(names: list[str]) -> None:
    """Record the files `names`, all when there are none."""
    book = load()
    for file in [Path(name) for name in names] or sorted(FOLDER.glob("*.txt")):
        played = await play(file.read_text("utf-8").splitlines(), Stage(book))
        file.write_text("\n".join(played) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
