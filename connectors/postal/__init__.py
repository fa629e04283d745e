"""The feed of the post: outlets, partner pharmacies, service areas, consignments."""
