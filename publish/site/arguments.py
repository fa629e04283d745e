"""Which arguments of a query mean something: all others are taken away, so that they make no new page."""

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import parse_qsl, urlencode

from publish.site.routes import Route
from publish.site.show import open_fields, table_labels

#: Datasette's own arguments that are of use here; the others run costly or broken paths, or name SQL
_DATASETTE = re.compile(
    "_(?:sort|sort_desc|sort_by_desc|next|size|shape|nl|dl|header|col|nocol|nocount"
    "|filter_(?:column|op|value)(?:_[0-9]+)?)"
)
#: the SQL process answers questions in SQL, with values under names of the asker's choice
_QUERY = re.compile("sql|_(?:size|shape|nl|dl|header|hide_sql)|p_[a-z0-9_]{1,40}")
#: more pairs than any form of ours sends
_PAIRS_MAX = 60


def meaningful(query: bytes, path: str, routes: Sequence[Route], *, with_sql: bool = False) -> bytes:
    """The query with the arguments that this path knows, in the order of their names."""
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_PAIRS_MAX)
    except ValueError:
        return b""
    return urlencode(sorted(_kept(pairs, path, routes, with_sql=with_sql))).encode()


def _kept(
    pairs: list[tuple[str, str]], path: str, routes: Sequence[Route], *, with_sql: bool
) -> list[tuple[str, str]]:
    for route in routes:
        if route.matches(path):
            if route.arguments is None:
                return pairs
            # the first of several wins, and an empty one says nothing
            first = {name: value for name, value in reversed(pairs) if name in route.arguments and value}
            return list(first.items())
    table = _table_of(path)
    if table is None:
        # on the main site a question in SQL is refused, and not as if it had not been asked
        return [pair for pair in pairs if _QUERY.fullmatch(pair[0]) and (with_sql or pair[0] == "sql")]
    return [
        pair
        for pair in pairs
        if _DATASETTE.fullmatch(pair[0]) or pair[0].partition("__")[0] in _columns()[table]
    ]


def _table_of(path: str) -> str | None:
    parts = path.split("/")
    name = parts[2].removesuffix(".json").removesuffix(".csv") if len(parts) > 2 else ""
    return name if name in _columns() else None


@cache
def _columns() -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {name: {"rowid"} for name in table_labels()}
    for table, column in open_fields():
        columns[table].add(column)
    return columns
