"""Transports: how bytes get from a source system to the hub. They know bytes and no database."""
