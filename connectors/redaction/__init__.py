"""The door of feeds that may hold persons: what of a file enters, and how it is kept and read again."""
