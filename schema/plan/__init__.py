"""Query plans: what is asked of one entity, and the SQL that answers it. Pure."""
