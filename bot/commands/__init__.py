"""One module for each command: `configure(parser)` says what it takes, `run(args)` does it.

Nothing here is imported before its command is chosen, so that each starts as fast as it can.
"""
