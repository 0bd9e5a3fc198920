"""The program around the conversation: settings, storage, desk, turns, commands."""
