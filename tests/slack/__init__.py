"""A Slack of our own, for what no emulator does: pairs, repeats, rate limits, lost connections."""
