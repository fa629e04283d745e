"""The search as SQL: a relation of hits, the best first, to stand in a larger statement. Pure: gives text only.

Documents of names (`schema.entities.search`) are looked up in a GIN index, in stages (`schema.plan.search.STAGES`):
a stage is not looked into once those before it have found a page.
"""

from collections.abc import Callable

from schema.plan.search import STAGES, Class
from schema.search_rules import Kind

#: gives the mark of a parameter, such as $3, by its name in `schema.plan.search.values`; all are text
Mark = Callable[[str], str]


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
        f"(SELECT c.kind_code FROM search_code c WHERE c.kind_code = '{kind}' AND {_begins_so(mark, kind, 'c')}"
        f" AND {_has_rest(mark)} LIMIT 1)"
        for kind in Kind
    )


def _coded(mark: Mark, limit: int, *, goes_on: bool) -> str:
    """The first things by code, each by the first of its codes that begin so."""
    return " UNION ALL ".join(_coded_of_kind(mark, kind, limit, goes_on=goes_on) for kind in Kind)


def _coded_of_kind(mark: Mark, kind: Kind, limit: int, *, goes_on: bool) -> str:
    further = (
        f" AND ('{Class.CODE}' || c.code, c.thing_id) > ({mark('after_rank')}::text, {mark('after_id')}::text::bigint)"
        if goes_on
        else ""
    )
    return (
        f"(SELECT c.kind_code, c.thing_id, c.code FROM search_code c WHERE c.kind_code = '{kind}'"
        f" AND {_begins_so(mark, kind, 'c')} AND {_has_rest(mark)}{further}"
        f" AND NOT EXISTS (SELECT FROM search_code o WHERE o.kind_code = '{kind}' AND o.thing_id = c.thing_id"
        f" AND {_begins_so(mark, kind, 'o')} AND o.code < c.code) ORDER BY c.code, c.thing_id LIMIT {limit})"
    )


def _begins_so(mark: Mark, kind: Kind, row: str) -> str:
    """Whether a code begins with what is asked; `~` comes after all that a code is written with."""
    asked = f"{mark(f'{kind}_code')}::text"
    return f"{row}.code >= {asked} AND {row}.code < {asked} || '~'"


def _has_rest(mark: Mark) -> str:
    """Whether the thing's names have the other words that are asked for."""
    rest = mark("rest")
    return (
        f"CASE WHEN {rest}::text IS NULL THEN true ELSE (c.kind_code, c.thing_id) IN"
        " (SELECT t.kind_code, t.thing_id FROM search_document d JOIN search_thing t ON t.document_id = d.id"
        f" WHERE d.lexemes @@ {rest}::text::tsquery) END"
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
        f" AND d.kind_code NOT IN (SELECT kind_code FROM coded_kind){further} ORDER BY d.id + 0 LIMIT {limit + 1}"
    )


def _hits_by_code() -> str:
    return (
        f"SELECT c.kind_code AS kind, c.thing_id AS id, '{Class.CODE}' || c.code AS rank, d.names[1] AS label"
        " FROM coded c JOIN search_thing t ON t.kind_code = c.kind_code AND t.thing_id = c.thing_id"
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
