"""The terminal, as a chat platform."""

from adapters.console.parse import parse
from adapters.console.render import render

__all__ = ["parse", "render"]
