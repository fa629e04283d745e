"""The feed of lists of reserves."""
