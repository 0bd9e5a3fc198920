"""What redaction has left in a text, in the language of whoever reads it."""

from __future__ import annotations

import re

from dialogs.library import ENGLISH, Library
from dialogs.redaction import MARK


def readable(text: str, book: Library, language: str) -> str:
    """Return `text` with its marks, which are kept in English, in the words of `language`."""
    if "[hidden: " not in text or language not in book.languages or language == ENGLISH:
        return text
    named = book.words[language].secrets

    def said(mark: re.Match[str]) -> str:
        secret = named.get(mark[1].replace(" ", "-"))
        return book.phrase("hidden", language, secret=secret) if secret else mark[0]

    return MARK.sub(said, text)
