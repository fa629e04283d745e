"""From bytes to facts: landing, reading, resolution, guards, promotion."""
