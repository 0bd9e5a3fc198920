"""Labelled messages, written for the project, and what is measured on them."""
