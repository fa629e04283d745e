"""The store: an embedded PostgreSQL or any other, its pool and its migrations."""
