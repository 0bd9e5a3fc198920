"""Microsoft Teams: activities are posted to us, Adaptive Cards go back."""

from adapters.teams.parse import parse
from adapters.teams.render import render

__all__ = ["parse", "render"]
