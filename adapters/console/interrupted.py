"""The one way out of a chat that is no end of input."""

from __future__ import annotations


class Interrupted(Exception):
    """The person pressed Ctrl-C."""
