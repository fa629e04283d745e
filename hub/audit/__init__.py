"""Who was answered what, by which rule: a record of each, chained, signed, and there before the answer goes out."""
