"""Synthetic source systems: they send what the real ones send, with planted faults."""
