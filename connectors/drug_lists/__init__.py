"""The feed of lists of medicines and of what may be given instead."""
