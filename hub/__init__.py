"""The running system: stores, ingest, access, web and command line."""
