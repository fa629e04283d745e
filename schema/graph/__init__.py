"""The graph: Strawberry types made from the entities, queries over them, and who may ask for what."""
