"""Resolvers of searches for the ordinary execution."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.graph.errors import forbidden
from schema.graph.resolve import Found, GraphInfo, Root, Standing, one, plain, times_of
from schema.plan.cursor import encode_place
from schema.plan.found import HITS_ORDER, THINGS, hits_of
from schema.plan.needs import Needs
from schema.plan.nodes import Times
from schema.search_rules import Kind


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    kind: str
    label: str
    rank: str
    id: int
    code: str | None
    times: Times

    @property
    def cursor(self) -> str:
        """Its place among the hits."""
        return encode_place(HITS_ORDER, [self.rank, self.id])

    @property
    def node(self) -> "Hit":
        """Itself: a hit is its own edge."""
        return self


@dataclass(frozen=True, slots=True)
class HitPage:
    """A page of hits."""

    nodes: list[Hit]
    page_info: Standing

    @property
    def edges(self) -> list[Hit]:
        """The hits with their cursors."""
        return self.nodes


async def a_page(root: Any, info: GraphInfo, given: Mapping[str, Any]) -> HitPage:
    """A page of hits."""
    needs = Needs()
    hits = hits_of(plain(given), needs)
    if refused := needs.refused(info.context.scopes):
        raise forbidden(refused)
    rows = await info.context.reader.hits(hits)
    times = times_of(root)
    found = [
        Hit(row["kind"].lower(), row["label"], row["rank"], row["id"], row["code"], times)
        for row in rows[: hits.size]
    ]
    ends = (found[0].cursor, found[-1].cursor) if found else (None, None)
    return HitPage(found, Standing(len(rows) > hits.size, hits.after is not None, *ends))


async def thing_of(root: Hit, info: GraphInfo) -> Found | None:
    """The thing itself, in the time of the question."""
    entity, column = THINGS[Kind(root.kind)]
    return await one(Root(root.times), info, entity, column, getattr(root, column))
