"""The conversation, and nothing else: no network, no clock, no chance, no database."""
