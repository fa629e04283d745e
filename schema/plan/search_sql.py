"""The search as SQL: a relation of hits, the best first, to stand in a larger statement. Pure: gives text only.

Documents of names (`schema.entities.search`) are looked up in a GIN index, in stages (`schema.plan.search.STAGES`):
a stage is not looked into once those before it have found a page. Codes are looked up where the facts have them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schema.entities.fact import live_now
from schema.plan.search import STAGES, Class
from schema.search_rules import Kind

#: gives the mark of a parameter, such as $3, by its name in `schema.plan.search.values`; all are text
Mark = Callable[[str], str]

_DOMESTIC = "国药准字"


@dataclass(frozen=True, slots=True)
class _Codes:
    """Where codes of a kind of thing stand."""

    kind: Kind
    table: str
    column: str
    thing: str
    #: words that every code begins with and nobody types
    words: str = ""
    has_periods: bool = True

    def code(self, row: str) -> str:
        """The code as it is typed and ranked."""
        column = f"{row}.{self.column}"
        return f"substr({column}, {len(self.words) + 1})" if self.words else column

    def id(self, row: str) -> str:
        """What the code is of."""
        return f"{row}.{self.thing}" + ("::bigint" if self.thing == self.column else "")

    def begins_so(self, mark: Mark, row: str) -> str:
        """Whether the code begins with what is asked; `~` comes after all that a code is written with."""
        asked = f"{mark(f'{self.kind}_code')}::text"
        words = f"'{self.words}' || " if self.words else ""
        column = f"{row}.{self.column}"
        now = f"{live_now(row)} AND " if self.has_periods else ""
        return f"{now}{column} >= {words}{asked} AND {column} < {words}{asked} || '~'"


_CODES = (
    _Codes(Kind.MEDICINE, "product", "approval_number", "id", words=_DOMESTIC),
    _Codes(Kind.MEDICINE, "product", "approval_number", "id"),
    _Codes(Kind.MEDICINE, "former_number", "former_number", "product_id", words=_DOMESTIC),
    _Codes(Kind.MEDICINE, "former_number", "former_number", "product_id"),
    _Codes(Kind.MEDICINE, "standard_code", "standard_code", "product_id"),
    _Codes(Kind.MEDICINE, "packaged_product", "nhsa_code", "product_id"),
    _Codes(Kind.ORGANIZATION, "organization", "uscc", "id", has_periods=False),
    _Codes(Kind.PLACE, "region", "code", "code"),
)


def hits(mark: Mark, limit: int, *, goes_on: bool = False) -> str:
    """A query for the `limit` best hits, or those after `schema.plan.search.After`, where it `goes_on`.

    Columns: `kind` (text, `Kind`), `id` (bigint: identifier of the medicine or organisation; of a division its code as
    a number), `code` (text: of a division its code, else null), `rank` (text), `label` (text: the first name). In the
    order of `rank COLLATE "C", id`, which tells all hits apart; each thing is there once. The text depends on the
    arguments alone, so that one prepared statement serves every text that is searched for.
    """
    stages = [f"stage_{number}" for number in range(len(STAGES))]
    parts = [
        f"coded_kind AS MATERIALIZED ({_coded_kinds(mark)})",
        f"coded AS MATERIALIZED ({_coded(mark, limit, goes_on=goes_on)})",
        *(
            f"{name} AS MATERIALIZED ({_stage(mark, number, limit, goes_on=goes_on)})"
            for number, name in enumerate(stages)
        ),
        f"named AS ({' UNION ALL '.join(f'SELECT * FROM {name}' for name in stages)})",
    ]
    return (
        f"WITH {', '.join(parts)} SELECT h.kind, h.id,"
        f" CASE h.kind WHEN '{Kind.PLACE}' THEN lpad(h.id::text, 6, '0') END AS code, h.rank, h.label"
        f" FROM ({_hits_by_code()} UNION ALL {_hits_by_name(mark, limit, goes_on=goes_on)}) h"
        f' ORDER BY h.rank COLLATE "C", h.id LIMIT {limit}'
    )


def _coded_kinds(mark: Mark) -> str:
    """The kinds of which something has a code that begins so."""
    return " UNION ALL ".join(
        f"(SELECT '{each.kind}' AS kind FROM {each.table} v WHERE {each.begins_so(mark, 'v')}"
        f" AND {_has_rest(mark, each)} LIMIT 1)"
        for each in _CODES
    )


def _coded(mark: Mark, limit: int, *, goes_on: bool) -> str:
    """The first things by code."""
    return " UNION ".join(
        f"(SELECT '{each.kind}' AS kind, {each.id('v')} AS id, {each.code('v')} COLLATE \"C\" AS code"
        f" FROM {each.table} v WHERE {each.begins_so(mark, 'v')} AND {_has_rest(mark, each)}"
        f"{_further_code(mark, each) if goes_on else ''}{_is_first_of_thing(mark, each)}"
        # a code may stand there more than once, by several senders
        f" GROUP BY v.{each.column}, v.{each.thing} ORDER BY v.{each.column}, v.{each.thing} LIMIT {limit})"
        for each in _CODES
    )


def _has_rest(mark: Mark, codes: _Codes) -> str:
    """Whether the thing's names have the other words that are asked for."""
    rest, thing = mark("rest"), codes.id("v")
    return (
        f"{thing} IS NOT NULL AND CASE WHEN {rest}::text IS NULL THEN true ELSE {thing} IN"
        " (SELECT t.thing_id FROM search_document d JOIN search_thing t ON t.document_id = d.id"
        f" WHERE d.lexemes @@ {rest}::text::tsquery AND t.kind_code = '{codes.kind}') END"
    )


def _further_code(mark: Mark, codes: _Codes) -> str:
    rank = f"('{Class.CODE}' || {codes.code('v')}) COLLATE \"C\""
    return f" AND ({rank}, {codes.id('v')}) > ({mark('after_rank')}::text, {mark('after_id')}::text::bigint)"


def _is_first_of_thing(mark: Mark, codes: _Codes) -> str:
    """Whether no other code of the thing that begins so comes before this one, by which it is found then."""
    others = [each for each in _CODES if each.kind == codes.kind]
    return "".join(
        f" AND NOT EXISTS (SELECT FROM {each.table} o WHERE {each.begins_so(mark, 'o')}"
        f" AND o.{each.thing} = v.{codes.thing}"
        f' AND {each.code("o")} COLLATE "C" < {codes.code("v")})'
        for each in others
        if len(others) > 1
    )


def _stage(mark: Mark, number: int, limit: int, *, goes_on: bool) -> str:
    """The best documents of a stage; every one of them has a thing, but the first may have shown its all."""
    class_, _ = STAGES[number]
    before = ["coded", *(f"stage_{each}" for each in range(number))]
    enough = " + ".join(f"(SELECT count(*) FROM {name})" for name in before)
    further = f" AND d.id >= {mark(f'from_{class_}')}::text::bigint" if goes_on else ""
    # sorted by more than the key, lest the documents be walked in their order, of which nobody knows how far it goes
    return (
        f"SELECT '{class_}' AS class, d.id, d.kind_code, d.names[1] AS label FROM search_document d"
        f" WHERE d.lexemes @@ {mark(f'stage_{number}')}::text::tsquery AND {enough} <= {limit}"
        f" AND d.kind_code NOT IN (SELECT kind FROM coded_kind){further} ORDER BY d.id + 0 LIMIT {limit + 1}"
    )


def _hits_by_code() -> str:
    return (
        f"SELECT c.kind, c.id, '{Class.CODE}' || c.code AS rank, d.names[1] AS label FROM coded c"
        " JOIN search_thing t ON t.kind_code = c.kind AND t.thing_id = c.id"
        " JOIN search_document d ON d.id = t.document_id"
    )


def _hits_by_name(mark: Mark, limit: int, *, goes_on: bool) -> str:
    rank = "n.class || lpad(n.id::text, 19, '0')"
    further = (
        f" AND ({rank} <> {mark('after_rank')}::text OR t.thing_id > {mark('after_id')}::text::bigint)"
        if goes_on
        else ""
    )
    return (
        f"SELECT n.kind_code, b.thing_id, {rank}, n.label FROM named n CROSS JOIN LATERAL"
        " (SELECT t.thing_id FROM search_thing t WHERE t.document_id = n.id"
        f"{further} ORDER BY t.thing_id LIMIT {limit}) b"
    )
