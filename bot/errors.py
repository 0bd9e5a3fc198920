"""What the person who runs the program can put right."""

from __future__ import annotations


class UserError(Exception):
    """The message says in one line what is wrong and where; the program stops with code 2."""
