"""Hits of a search as rows of several kinds."""

from schema.plan.found import HITS_ORDER, parameter
from schema.plan.nodes import Hits
from schema.plan.search_sql import hits as found
from schema.plan.sql.places import cursor
from schema.plan.sql.text import Row, Writer


def hit_rows(writer: Writer, hits: Hits) -> str:
    """The hits of a page in their order, and one more if there is one; numbered.

    Columns: kind (as the graph names it), id, code, rank, label.
    """
    marks: dict[str, str] = {}

    def mark(name: str) -> str:
        if name not in marks:
            # the query says of what type its parameters are, all texts
            marks[name] = writer.add(parameter(hits, name), "text")
        return marks[name]

    rows = found(mark, hits.size + 1, goes_on=hits.after is not None)
    order = 'h.rank COLLATE "C", h.id'
    return (
        f"SELECT upper(h.kind) AS kind, h.id, h.code, h.rank, h.label, row_number() OVER (ORDER BY {order}) AS n,"
        f" count(*) OVER () AS c FROM ({rows}) h"
    )


def hit_cursor(row: Row) -> str:
    """The cursor of a hit."""
    return cursor(HITS_ORDER, [f"{row.name}.rank", f"{row.name}.id"])
