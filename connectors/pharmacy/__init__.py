"""Pharmacy chains: stores, and what each has on sale."""
