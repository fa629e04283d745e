"""The search index of a release: what people may type for a medicine, in the order in which answers are shown.

An entry is a concept (one generic name, form and strength, whoever makes it), or a medicine without one. Its rank
is its row number in the index, so that the first page of an answer is read without looking at the rest.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from schema.search import search_tokens

_TABLES = (
    (
        "CREATE TABLE search_entry (rank INTEGER PRIMARY KEY, concept_id INTEGER, product_id INTEGER NOT NULL,"
        " name_zh TEXT NOT NULL)"
    ),
    # signs that stand within words of medicines and codes are no breaks
    (
        "CREATE VIRTUAL TABLE search_token USING fts5(tokens, content='', detail=none, columnsize=0,"
        " tokenize=\"unicode61 remove_diacritics 0 tokenchars '()[]-./:%+*,&αβγ'\")"
    ),
)
#: everything a medicine may be asked for by, one line a word: its group, the medicine, its name, the word
_WORDS = """
SELECT coalesce(p.concept_id, -p.id) AS entry, p.concept_id, p.id, p.name_zh, w.word
 FROM product p JOIN (
    SELECT id AS product_id, name_en AS word FROM product
    UNION SELECT id, trade_name_zh FROM product UNION SELECT id, trade_name_en FROM product
    UNION SELECT id, approval_number FROM product UNION SELECT id, former_approval_number FROM product
    UNION SELECT id, holder_name FROM product
    UNION SELECT product_id, standard_code FROM standard_code
    UNION SELECT product_id, nhsa_code FROM packaged_product
    UNION SELECT product_id, trade_name_zh FROM packaged_product
    UNION SELECT id, NULL FROM product
 ) w ON w.product_id = p.id
 ORDER BY entry, length(p.name_zh), p.name_zh, p.id, w.word
"""

Line = tuple[int, int | None, int, str, str | None]
#: rank of an entry: short names first, for they are nearest to what was typed; then its medicine, concept, words
Entry = tuple[int, str, int, int | None, tuple[str, ...]]


def build_search(connection: sqlite3.Connection) -> None:
    """Add the search index to a release's file, from its medicines."""
    for statement in _TABLES:
        connection.execute(statement)
    entries = sorted(_entries(connection.execute(_WORDS)), key=lambda entry: entry[:3])
    connection.executemany(
        "INSERT INTO search_entry VALUES (?, ?, ?, ?)",
        ((rank, concept, product, name) for rank, (_, name, product, concept, _) in enumerate(entries, 1)),
    )
    connection.executemany(
        "INSERT INTO search_token (rowid, tokens) VALUES (?, ?)",
        ((rank, " ".join(_tokens(words))) for rank, (*_, words) in enumerate(entries, 1)),
    )


def _tokens(words: Iterable[str]) -> list[str]:
    return sorted({token for word in words for token in _tokens_of(word)})


@lru_cache(maxsize=2048)
def _tokens_of(word: str) -> tuple[str, ...]:
    # names and companies come again and again, and pinyin is slow
    return tuple(search_tokens(word))


def _entries(lines: Iterable[Line]) -> Iterator[Entry]:
    for _, group in groupby(lines, key=lambda line: line[0]):
        kept = list(group)
        _, concept, product, name, _ = kept[0]
        words = dict.fromkeys([line[3] for line in kept] + [line[4] for line in kept if line[4]])
        yield len(name), name, product, concept, tuple(words)
