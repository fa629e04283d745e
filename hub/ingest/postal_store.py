"""SQL of the post: which outlet a code means, which pharmacy a partner is; in the stage, and again in the graph."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from schema.declare import Entity, fields_of
from schema.entities import Consignment, PartnerPharmacy, TrackingEvent
from schema.entities.fact import live_now


@dataclass(frozen=True, slots=True)
class OutletLink:
    """The columns of an entity that name an outlet: its code as received, and what the hub makes of it."""

    entity: type[Entity]
    code: str
    id: str
    state: str


OUTLET_LINKS = (
    OutletLink(Consignment, "accepting_outlet_code", "accepting_outlet_id", "accepting_outlet_link_code"),
    OutletLink(TrackingEvent, "outlet_code", "outlet_id", "outlet_link_code"),
)

_PLAIN = "upper(regexp_replace(translate({}, '（）', '()'), '\\s', '', 'g'))"


def _plain(column: str) -> str:
    """A name or number as it is compared: brackets, blanks and case make no difference."""
    return _PLAIN.format(column)


async def link_staged_outlets(connection: asyncpg.Connection, link: OutletLink) -> None:
    """Link staged rows to the outlet that their code names. A code of several outlets names none of them."""
    stage = f"stage_{link.entity.__tablename__}"
    await connection.execute(
        f"UPDATE {stage} s SET {link.id} = f.target, {link.state} = f.state FROM ({_outlets_of(stage, link, '')}) f"
        f" WHERE s.{link.code} = f.code"
    )


async def relink_outlets(connection: asyncpg.Connection, link: OutletLink, recorded_at: datetime) -> None:
    """Correct links in the graph after outlets have come, changed or got a namesake."""
    table = str(link.entity.__tablename__)
    standing = "superseded_at = 'infinity'"
    await _correct(
        connection,
        link.entity,
        {link.id: "target", link.state: "state"},
        f"SELECT t.id, t.valid_from, f.target, f.state FROM {table} t"
        f" JOIN ({_outlets_of(table, link, f'WHERE {standing}')}) f ON f.code = t.{link.code} WHERE t.{standing}"
        f" AND (t.{link.id}, t.{link.state}) IS DISTINCT FROM (f.target, f.state)",
        recorded_at,
    )


async def link_staged_partners(connection: asyncpg.Connection, *, has_licences: bool) -> None:
    """Link staged partner pharmacies to the pharmacies that chains have told of."""
    licence = "s.licence_number" if has_licences else "NULL::text"
    await connection.execute(
        "UPDATE stage_partner_pharmacy s SET pharmacy_id = f.target, pharmacy_link_code = f.state"
        f" FROM ({_pharmacies_of('stage_partner_pharmacy', licence, 's.id')}) f WHERE s.id = f.id"
    )


async def relink_partners(connection: asyncpg.Connection, recorded_at: datetime) -> None:
    """Correct links in the graph after pharmacies have come or changed."""
    found = _pharmacies_of("partner_pharmacy", "s.licence_number", "s.id, s.valid_from, s.superseded_at")
    await _correct(
        connection,
        PartnerPharmacy,
        {"pharmacy_id": "target", "pharmacy_link_code": "state"},
        f"SELECT t.id, t.valid_from, f.target, f.state FROM partner_pharmacy t JOIN ({found}) f"
        " ON f.id = t.id AND f.valid_from = t.valid_from AND f.superseded_at = 'infinity'"
        " WHERE t.superseded_at = 'infinity'"
        " AND (t.pharmacy_id, t.pharmacy_link_code) IS DISTINCT FROM (f.target, f.state)",
        recorded_at,
    )


def _outlets_of(table: str, link: OutletLink, where: str) -> str:
    """Of each code in a table the one outlet that it names, and how sure that is."""
    return (
        "SELECT c.code, CASE WHEN o.count = 1 THEN o.first END AS target,"
        " CASE WHEN o.count IS NULL THEN 'unknown' WHEN o.count = 1 THEN 'linked' ELSE 'ambiguous' END AS state"
        f" FROM (SELECT DISTINCT {link.code} AS code FROM {table} {where}) c"
        " LEFT JOIN (SELECT outlet_code, count(*) AS count, min(id) AS first FROM postal_outlet"
        f" WHERE {live_now()} GROUP BY outlet_code) o ON o.outlet_code = c.code WHERE c.code IS NOT NULL"
    )


def _pharmacies_of(table: str, licence: str, columns: str) -> str:
    """Of each partner in a table the pharmacy that it is: by its licence, else by name within the division.

    Two pharmacies of one licence or name, or licence and name that disagree, link to neither.
    """
    return (
        f"SELECT {columns}, CASE WHEN l.count = 1 AND (n.count IS DISTINCT FROM 1 OR n.first = l.first) THEN l.first"
        f" WHEN l.count IS NULL AND n.count = 1 AND (n.licence IS NULL OR {licence} IS NULL)"
        " THEN n.first END AS target,"
        " CASE WHEN l.count = 1 AND n.count = 1 AND n.first <> l.first THEN 'conflict'"
        " WHEN l.count = 1 THEN 'licence' WHEN l.count > 1 THEN 'ambiguous'"
        " WHEN n.count > 1 THEN 'ambiguous'"
        f" WHEN n.count = 1 AND n.licence IS NOT NULL AND {licence} IS NOT NULL THEN 'conflict'"
        " WHEN n.count = 1 THEN 'name' ELSE 'unlinked' END AS state"
        f" FROM {table} s LEFT JOIN (SELECT {_plain('licence_number')} AS licence, count(*) AS count,"
        f" min(id) AS first FROM pharmacy WHERE {live_now()} AND licence_number IS NOT NULL GROUP BY 1) l"
        f" ON l.licence = {_plain(licence)}"
        f" LEFT JOIN (SELECT {_plain('name')} AS name, region_code, count(*) AS count, min(id) AS first,"
        f" min(licence_number) AS licence FROM pharmacy WHERE {live_now()} GROUP BY 1, 2) n"
        f" ON n.name = {_plain('s.name')} AND n.region_code = s.region_code"
    )


async def _correct(
    connection: asyncpg.Connection,
    entity: type[Entity],
    given: dict[str, str],
    findings: str,
    recorded_at: datetime,
) -> None:
    """Write facts again with the columns found: it was so all along, only the hub learns of it now."""
    columns = [field.name for field in fields_of(entity)]
    values = {column: f"f.{found}" for column, found in given.items()} | {
        "recorded_at": "$1",
        "superseded_at": "'infinity'",
    }
    chosen = ", ".join(values.get(column, f"v.{column}") for column in columns)
    table = entity.__tablename__
    await connection.execute(
        f"WITH f AS ({findings}), old AS (UPDATE {table} v SET superseded_at = $1 FROM f"
        " WHERE v.id = f.id AND v.valid_from = f.valid_from AND v.superseded_at = 'infinity' RETURNING v.*)"
        f" INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {chosen} FROM old v JOIN f ON f.id = v.id AND f.valid_from = v.valid_from",
        recorded_at,
    )
