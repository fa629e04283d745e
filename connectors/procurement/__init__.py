"""What procurement platforms send: listings, purchase lines, deliveries, settlements, filed purchases."""
