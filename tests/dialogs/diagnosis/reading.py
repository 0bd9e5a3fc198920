"""The reader of the shipped playbooks, compiled once for all tests of the diagnosis."""

from __future__ import annotations

from functools import cache

from dialogs.diagnosis.page import lay_out, printable
from dialogs.diagnosis.reader import Reader
from dialogs.diagnosis.reading import read
from dialogs.diagnosis.verdict import Verdict, decide
from dialogs.library import load


@cache
def reader() -> Reader:
    """Return the shipped reader."""
    return load(languages=("en",)).reader


def verdict(text: str) -> Verdict:
    """Return the verdict on `text`."""
    text = printable(text)
    return decide(text, read(lay_out(text), reader()), reader().sources)
