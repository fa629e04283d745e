"""The rules of rows as PostgreSQL's row-level security has them: the net under what the planner asks.

What a policy asks of the caller is asked once a statement (`(SELECT …)` is evaluated before any row), by functions that
believe only what the hub has sealed (`schema.plan.values.Pass`). Who has said nothing sees no row.
"""

from collections.abc import Iterator

from schema.declare import Entity
from schema.entities import ENTITIES, entity_named
from schema.plan.sql.reach import either, within
from schema.plan.sql.text import quoted
from schema.rows import InRegion, OwnedBy, Through, Way

#: the role that the graph reads as: it owns nothing, and no policy passes it by
GRAPH_ROLE = "baogong_graph"
#: what every policy is called
POLICY = "reach"
_LOW, _HIGH = "(SELECT reach_low())", "(SELECT reach_high())"


def limited_entities() -> Iterator[type[Entity]]:
    """Those whose rows not everybody sees."""
    return (entity for entity in ENTITIES if not entity.about.rows.of_everybody)


def policy(entity: type[Entity]) -> str:
    """The statement that makes an entity's policy."""
    table = str(entity.__tablename__)
    return f"CREATE POLICY {POLICY} ON {table} FOR SELECT TO {GRAPH_ROLE} USING ({_seen(entity)})"


def _seen(entity: type[Entity]) -> str:
    """What the policy lets through. The first that holds spares the others: the whole country costs nothing more."""
    rule, table = entity.about.rows, str(entity.__tablename__)
    ways = ["(SELECT reach_is_country())"]
    if rule.of_every_region:
        ways.append("(SELECT reach_is_region())")
    return " OR ".join([*ways, *(each for way in rule.ways for each in _lets_in(way, table))])


def _lets_in(way: Way, table: str) -> Iterator[str]:
    match way:
        case InRegion(column, carries):
            yield from within(f"{table}.{column}", carries, _LOW, _HIGH)
        case OwnedBy(kind, column):
            yield f"{table}.{column} = ANY((SELECT reach_codes({quoted(kind)}))::text[])"
        case Through(target, local, remote, ways):
            yield _through(entity_named(target), f"{table}.{local}", remote, ways)


def _through(target: type[Entity], local: str, remote: str, ways: tuple[Way, ...] | None) -> str:
    """There is such a row; without ways of its own it is the other's policy that hides rows."""
    table = str(target.__tablename__)
    conditions = [f"{table}.{remote} = {local}"]
    if target.about.temporal:
        conditions.append(f"{table}.superseded_at = 'infinity'")
    if ways is not None:
        conditions.append(either([each for way in ways for each in _lets_in(way, table)]))
    return f"EXISTS (SELECT FROM {table} WHERE {' AND '.join(conditions)})"
