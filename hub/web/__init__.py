"""The graph over HTTP, tokens, and the query page."""
