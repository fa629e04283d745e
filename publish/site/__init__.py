"""The public site of one release: Datasette in a process of its own, with our pages, in Chinese first."""
