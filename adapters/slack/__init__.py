"""Slack: the Events API or Socket Mode in, the Web API out."""

from adapters.slack.parse import parse
from adapters.slack.render import render

__all__ = ["parse", "render"]
