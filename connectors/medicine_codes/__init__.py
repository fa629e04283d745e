"""Packs of medicines under their insurance codes, and the codes printed on them."""
