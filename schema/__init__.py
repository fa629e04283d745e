"""What the data is: vocabulary, entities, graph and query plans. No I/O; imports nobody else of the house."""
