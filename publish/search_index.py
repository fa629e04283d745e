"""The search index of a release: what people may type for a medicine."""

import sqlite3

from schema.search import search_tokens

#: signs that stand within words of medicines and codes
_SEARCH = (
    "CREATE VIRTUAL TABLE product_search USING fts5(tokens, content='', detail=none, columnsize=0,"
    " tokenize=\"unicode61 remove_diacritics 0 tokenchars '()[]-./:%+*,&αβγ'\")"
)
_SEARCHED = ("name_zh", "name_en", "trade_name_zh", "trade_name_en", "approval_number", "holder_name")


def build_search(connection: sqlite3.Connection) -> None:
    """Add the search index to a release's file, from its medicines."""
    connection.execute(_SEARCH)
    rows = connection.execute(f"SELECT id, {', '.join(_SEARCHED)} FROM product ORDER BY id")
    connection.executemany(
        "INSERT INTO product_search (rowid, tokens) VALUES (?, ?)",
        (
            (id_, " ".join(search_tokens(name, *(text for text in others if text))))
            for id_, name, *others in rows.fetchall()
        ),
    )
