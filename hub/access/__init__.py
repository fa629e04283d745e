"""Who calls and what they may do: the hub's own OAuth issuer, and the check of every token that comes in."""
