"""SQL of the codes by which things are found, and of what a batch changes of names and codes."""

import asyncpg

from schema.entities.fact import live_now
from schema.search_rules import Kind

_NOW = live_now()
_DOMESTIC = "国药准字"
#: all codes of what is found; those of packs by the approval number that the pack states, whatever it is linked to
_CODES = {
    Kind.MEDICINE: f"SELECT id AS thing_id, replace(approval_number, '{_DOMESTIC}', '') AS code"
    f" FROM product WHERE {_NOW}"
    f" UNION SELECT product_id, replace(former_number, '{_DOMESTIC}', '') FROM former_number WHERE {_NOW}"
    f" UNION SELECT product_id, standard_code FROM standard_code WHERE {_NOW}"
    " UNION SELECT p.id, k.nhsa_code FROM packaged_product k JOIN product p ON p.approval_number = k.approval_number"
    f" WHERE {live_now('k')} AND {live_now('p')}",
    Kind.ORGANIZATION: "SELECT id AS thing_id, uscc AS code FROM organization WHERE uscc IS NOT NULL",
    Kind.PLACE: f"SELECT code::bigint AS thing_id, code FROM region WHERE {_NOW}",
}
#: table of changes → things whose names or codes it concerns
_CHANGED = {
    Kind.MEDICINE: {
        "change_product": "SELECT id FROM change_product",
        "change_former_number": "SELECT f.product_id FROM change_former_number c"
        " JOIN former_number f ON f.former_number = c.former_number",
        "change_standard_code": "SELECT s.product_id FROM change_standard_code c"
        " JOIN standard_code s ON s.standard_code = c.standard_code",
        "change_packaged_product": "SELECT p.id FROM change_packaged_product c"
        " JOIN packaged_product k ON k.id = c.id JOIN product p ON p.approval_number = k.approval_number",
    },
    Kind.PLACE: {"change_region": "SELECT code::bigint FROM change_region"},
}


async def changed_things(connection: asyncpg.Connection, kind: Kind) -> list[int]:
    """The things of a kind of which the batch in hand may change names or codes."""
    found: set[int] = set()
    for table, statement in _CHANGED[kind].items():
        if await connection.fetchval("SELECT to_regclass('pg_temp.' || $1) IS NOT NULL", table):
            found.update(row[0] for row in await connection.fetch(statement))
    return sorted(found)


async def refresh_codes(connection: asyncpg.Connection, kind: Kind, among: list[int] | None) -> int:
    """Make the codes of what can be found (`among` these; None: all) those of the facts; gives how many are new."""
    given = (kind,) if among is None else (kind, among)
    within = "" if among is None else " WHERE n.thing_id = ANY($2)"
    codes = (
        f"SELECT n.thing_id, n.code FROM ({_CODES[kind]}) n"
        f" JOIN search_thing t ON t.kind_code = $1 AND t.thing_id = n.thing_id{within}"
    )
    mine = "" if among is None else " AND thing_id = ANY($2)"
    standing = f"SELECT thing_id, code FROM search_code WHERE kind_code = $1{mine}"
    # EXCEPT compares by hashing, whatever the planner believes of how many codes there are
    await connection.execute(
        f"DELETE FROM search_code c USING ({standing} EXCEPT ({codes})) g"
        " WHERE c.kind_code = $1 AND c.thing_id = g.thing_id AND c.code = g.code",
        *given,
    )
    tag: str = await connection.execute(
        "INSERT INTO search_code (kind_code, thing_id, code)"
        f" SELECT $1, n.thing_id, n.code FROM ({codes} EXCEPT {standing}) n",
        *given,
    )
    return int(tag.rpartition(" ")[2])


async def tell_planner(connection: asyncpg.Connection) -> None:
    """Tell the planner of many new codes."""
    await connection.execute("ANALYZE search_code")
