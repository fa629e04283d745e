"""Benchmarks: commands that measure, never tests. `make bench-ingest`."""
