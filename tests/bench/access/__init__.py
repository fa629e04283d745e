"""What row limits and records cost: the same server with and without them."""
