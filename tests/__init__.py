"""The test suite: folders are kinds of test (unit, property, store, protocol, pages, real)."""
