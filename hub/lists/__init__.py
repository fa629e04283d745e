"""Versions of lists that people propose, decide and compare."""
