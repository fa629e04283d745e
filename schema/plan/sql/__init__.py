"""Plans as SQL: one statement that writes the answer's JSON. Names come from declared entities only."""
