"""Alembic's scripts: how a database comes to hold the entities."""
