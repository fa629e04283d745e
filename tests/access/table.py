"""The reviewed table: for each field of the graph and each role, whether it is answered, and of which rows.

`fields.csv` is written by hand from the duties of the departments in the policy documents; a field without a row fails.
Cells: `-` refused, `all` answered, of every row; `area` of the rows of one's division; `own` of one's organisation's.
Pages, figures and groups of an entity are not rows of the table: they follow from the fields that they are made of.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from strawberry.utils.str_converters import to_camel_case

from schema.entities import ENTITIES
from schema.plan.groups import OF_DIVISIONS, path_of

PATH = Path(__file__).with_name("fields.csv")
#: what is made of an entity's rows; none of it says anything of its own
SHAPES = ("Connection", "Edge", "GroupConnection", "GroupEdge", "Group")


@dataclass(frozen=True, slots=True)
class Table:
    """The table, by field (`Type.field`) and role."""

    roles: tuple[str, ...]
    cells: dict[str, dict[str, str]]

    def refused(self, field: str, role: str) -> bool:
        """Whether a role may not ask for a field."""
        return any(self.cells[each][role] == "-" for each in made_of(field))

    def rows(self, entity: str, role: str) -> str:
        """Of which rows of an entity a role is answered."""
        return self.cells[f"{entity}.{_key_of(entity)}"][role]


@cache
def table() -> Table:
    """The table as it is written."""
    with PATH.open(encoding="utf-8", newline="") as file:
        kinds, fields, *roles = next(reader := csv.reader(file))
        assert (kinds, fields) == ("type", "fields")
        cells: dict[str, dict[str, str]] = {}
        for kind, names, *row in reader:
            for name in names.split():
                assert f"{kind}.{name}" not in cells, f"{kind}.{name} stands twice"
                cells[f"{kind}.{name}"] = dict(zip(roles, row, strict=True))
    return Table(tuple(roles), cells)


def made_of(field: str) -> list[str]:
    """The fields of the table that a field of the graph is made of: itself, where it stands there."""
    return _made().get(field, [field])


def _key_of(entity: str) -> str:
    [found] = [each for each in ENTITIES if each.__name__ == entity]
    return to_camel_case(found.about.key[0])


@cache
def _made() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entity in ENTITIES:
        name = entity.__name__
        found[f"{name}Aggregate.count"] = []
        for shape, fields in _SHAPED.items():
            found |= {f"{name}{shape}.{field}": [] for field in fields}
        for column in entity.model_fields:
            found[f"{name}Aggregate.{to_camel_case(column)}"] = [f"{name}.{to_camel_case(column)}"]
        for dimension in entity.about.dimensions:
            path = path_of(entity, dimension)
            at = path[-1][1] if path else entity
            needed = [f"{at.__name__}.{to_camel_case(dimension.column)}"]
            needed += [f"{each.__name__}.{_key_of(each.__name__)}" for _, each in path]
            if dimension.part in OF_DIVISIONS:
                needed.append("Region.code")
            found[f"{name}GroupKey.{to_camel_case(dimension.name)}"] = needed
    return found


_SHAPED = {
    "Connection": ("edges", "nodes", "pageInfo", "totalCount", "aggregate", "groups"),
    "Edge": ("cursor", "node"),
    "GroupConnection": ("edges", "nodes", "pageInfo"),
    "GroupEdge": ("cursor", "node"),
    "Group": ("key", "aggregate"),
}
