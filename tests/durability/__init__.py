"""The hub killed at any instant, started again, and compared with one that nobody disturbed."""
