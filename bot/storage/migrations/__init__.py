"""How the tables came to be what they are: `versions/`, a file for each step.

A step names everything it needs itself and imports nothing from `schema.py`, which goes on
changing. It is also added to `schema.REVISIONS`.
"""
