"""Plans answered from plain rows in memory, by the meaning of the tree alone: a witness for the SQL. Pure."""
