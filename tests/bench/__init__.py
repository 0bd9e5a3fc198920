"""Measurements: `python -m tests.bench`. A report, never a test: machines differ."""
