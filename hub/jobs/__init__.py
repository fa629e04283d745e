"""Work that goes on by itself."""
