"""A small JSON platform: events are posted to us, replies are posted to a URL."""
