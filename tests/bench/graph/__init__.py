"""The graph against hand-written SQL and its peers, on data of the size of a country."""
