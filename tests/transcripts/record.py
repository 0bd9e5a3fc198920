"""Writes the answers of transcripts anew: `python -m tests.transcripts.record [FILE …]`."""

from __future__ import annotations

import sys
from pathlib import Path

from dialogs.library import load
from tests.transcripts.play import FOLDER, BadTranscript, Scene, play


def main(names: list[str]) -> int:
    """Record the files `names`, all when there are none; return 1 when one cannot be played."""
    book, failed = load(), False
    for file in [Path(name) for name in names] or sorted(FOLDER.glob("*.txt")):
        written = file.read_text("utf-8").splitlines()
        try:
            played = play(written, Scene(book))
        except BadTranscript as error:
            print(f"{file.name}: {error}", file=sys.stderr)
            failed = True
            continue
        if played != written:
            file.write_text("\n".join(played) + "\n", "utf-8")
            print(f"{file.name}: recorded")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
