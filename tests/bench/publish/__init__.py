"""What `make bench-publish` measures: building a release, and serving it."""
