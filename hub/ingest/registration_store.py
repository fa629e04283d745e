"""SQL of registration: the scope of a whole register, sites, and what events do to approvals."""

from collections.abc import Mapping, Sequence

import asyncpg

from hub.ingest.batches import Batch
from schema.declare import Label
from schema.entities.fact import live_now

_UNKNOWN = Label(
    "批准文号尚未见于注册数据：事项照录，注册数据到达后自动对应",
    "the approval is not in the register yet: the event is kept and finds it when it comes",
)
_STATED_AFTER = ("holder_name", "valid_until_on", "status_code")


async def open_scope(connection: asyncpg.Connection, origins: Sequence[str], withheld: set[int]) -> None:
    """Make the scope of a file of approvals.

    `id`: medicines of these origins and their approvals, but for those with a row in quarantine, which are not absent.
    `standard_code`: the codes of those that are absent. `product_id`: medicines whose sites the file states, and those.
    """
    await connection.execute(
        "CREATE TEMP TABLE stage_scope (id bigint, product_id bigint, standard_code text) ON COMMIT DROP"
    )
    await connection.execute(
        "INSERT INTO stage_scope (id) SELECT DISTINCT id FROM product WHERE superseded_at = 'infinity'"
        " AND approval_origin_code = ANY($1) AND NOT id = ANY($2) AND id NOT IN (SELECT id FROM stage_product"
        " WHERE row_number IN (SELECT row_number FROM stage_fault WHERE NOT is_notice))",
        list(origins),
        list(withheld),
    )
    await connection.execute(
        "CREATE TEMP TABLE absent_product ON COMMIT DROP AS SELECT id FROM stage_scope"
        " WHERE id NOT IN (SELECT id FROM stage_product)"
    )
    await connection.execute(
        "INSERT INTO stage_scope (id, standard_code)"
        " SELECT a.id, NULL FROM product_authorization a WHERE a.product_id IN (SELECT id FROM stage_scope)"
        " UNION SELECT NULL, s.standard_code FROM standard_code s"
        " WHERE s.product_id IN (SELECT id FROM absent_product)"
    )


async def open_site_scope(connection: asyncpg.Connection) -> None:
    """Add the medicines whose sites the file states, and those that it no longer names."""
    await connection.execute(
        "INSERT INTO stage_scope (product_id) SELECT DISTINCT product_id FROM stage_product_site"
        " UNION SELECT id FROM absent_product WHERE id IN (SELECT id FROM stage_scope)"
    )


async def settle_sites(connection: asyncpg.Connection) -> None:
    """Keep one staged row of each site that a remaining row names, always the same of its spellings."""
    await connection.execute(
        "DELETE FROM stage_manufacturing_site s USING (SELECT DISTINCT ON (id) id, ctid AS first"
        ' FROM stage_manufacturing_site ORDER BY id, name COLLATE "C", address COLLATE "C", row_number) f'
        " WHERE s.id = f.id AND s.ctid <> f.first"
    )
    await connection.execute(
        "CREATE TEMP TABLE site_row ON COMMIT DROP AS"
        " SELECT site_id, min(row_number) AS first FROM stage_product_site GROUP BY site_id"
    )
    await connection.execute(
        "DELETE FROM stage_manufacturing_site WHERE id NOT IN (SELECT site_id FROM site_row)"
    )
    await connection.execute(
        "UPDATE stage_manufacturing_site s SET row_number = r.first FROM site_row r WHERE r.site_id = s.id"
    )


async def staged_addresses(connection: asyncpg.Connection) -> list[str]:
    """The distinct addresses of the staged sites."""
    rows = await connection.fetch(
        "SELECT DISTINCT address FROM stage_manufacturing_site WHERE address IS NOT NULL"
    )
    return [row[0] for row in rows]


async def stage_regions(connection: asyncpg.Connection, found: Mapping[str, str]) -> None:
    """Write the divisions of addresses beside the staged sites."""
    await connection.execute(
        "UPDATE stage_manufacturing_site s SET region_code = f.code"
        " FROM unnest($1::text[], $2::text[]) AS f (address, code) WHERE s.address = f.address",
        list(found),
        list(found.values()),
    )


async def divisions(connection: asyncpg.Connection) -> dict[str, list[tuple[str, str]]]:
    """Code of a division to name and code of those right below it."""
    below: dict[str, list[tuple[str, str]]] = {}
    rows = await connection.fetch(
        f"SELECT parent_code, name, code FROM region WHERE {live_now()} AND parent_code IS NOT NULL"
    )
    for parent, name, code in rows:
        below.setdefault(parent, []).append((name, code))
    return below


async def note_unknown_approvals(connection: asyncpg.Connection, batch: Batch) -> None:
    """Tell of events whose approval is not registered; they stay, and find it when it comes."""
    await connection.execute(
        "INSERT INTO stage_fault SELECT e.row_number, 'row.unknown_authorization', true, NULL, e.approval_number, $2"
        " FROM stage_authorization_event e WHERE NOT EXISTS (SELECT FROM product_authorization v"
        f" WHERE v.id = e.authorization_id AND {_standing('v', '$1')})",
        batch.as_of,
        str(_UNKNOWN),
    )


async def settle_approvals(connection: asyncpg.Connection, batch: Batch) -> None:
    """Turn what events say of approvals into the approvals as they are after them.

    An event counts where its day lies after the day that the standing statement is about, for else the register has
    it already; and not before its day has come. Of several, the last that says anything says it.
    """
    await connection.execute(
        "CREATE TEMP TABLE approval_after ON COMMIT DROP AS SELECT s.*, e.event_on,"
        + ", ".join(f" v.{name} AS standing_{name}" for name in (*_STATED_AFTER, "holder_name_id"))
        + " FROM stage_product_authorization s"
        " JOIN stage_authorization_event e ON e.authorization_id = s.id AND e.row_number = s.row_number"
        f" JOIN product_authorization v ON v.id = s.id AND {_standing('v', '$1')}"
        f" WHERE e.event_on > {_day('v.valid_from')} AND e.event_on <= {_day('$1::timestamptz')}",
        batch.as_of,
    )
    await connection.execute("DELETE FROM stage_product_authorization")
    chosen = [f"coalesce({_last(name, name)}, standing_{name})" for name in _STATED_AFTER]
    holder_id = (
        f"CASE WHEN {_last('holder_name', 'holder_name')} IS NULL THEN standing_holder_name_id"
        f" ELSE {_last('holder_name_id', 'holder_name')} END"
    )
    groups = ", ".join(
        ["id", "product_id", "approval_number", "standing_holder_name_id"]
        + [f"standing_{name}" for name in _STATED_AFTER]
    )
    await connection.execute(
        "INSERT INTO stage_product_authorization (row_number, id, product_id, approval_number, holder_name_id,"
        f" {', '.join(_STATED_AFTER)}) SELECT {_last('row_number', 'row_number')}, id, product_id,"
        f" approval_number, {holder_id}, {', '.join(chosen)} FROM approval_after GROUP BY {groups}"
    )


def _last(column: str, stated: str) -> str:
    """The column of the last event that states `stated`."""
    return f"(array_agg({column} ORDER BY event_on DESC, row_number DESC) FILTER (WHERE {stated} IS NOT NULL))[1]"


def _standing(alias: str, at: str) -> str:
    """What the hub now knows to hold at the instant."""
    return (
        f"{alias}.superseded_at = 'infinity' AND {alias}.valid_from <= {at}::timestamptz"
        f" AND {alias}.valid_to > {at}::timestamptz"
    )


def _day(instant: str) -> str:
    return f"({instant} AT TIME ZONE 'Asia/Shanghai')::date"
