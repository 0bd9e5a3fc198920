"""A small JSON platform: events are posted to us, replies are posted to a URL."""

from adapters.http.parse import parse
from adapters.http.render import render

__all__ = ["parse", "render"]
