"""How feeds come in: bytes to records or faults. Knows no database."""
