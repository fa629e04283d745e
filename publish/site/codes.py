"""Coded values as people read them, by the column that holds them."""

from publish.site.strings import branch
from schema.cadence import Cadence
from schema.declare import Label

#: what the names of columns with codes end in; asked for each cell of each table, so that most are done with at once
_CODED = ("_code", "cadence", "kind")


def code_label(column: str, value: object) -> Label | None:
    """What a coded value means; None where the column is not coded or the value is not known."""
    if not column.endswith(_CODED):
        return None
    if column == "cadence":
        return Cadence(str(value)).label if value in list(Cadence) else None
    return branch("code").get(f"{column}.{value}")


def codes_of(column: str) -> dict[str, Label]:
    """Every value that a coded column may hold, with its meaning; empty where it is not coded."""
    if column == "cadence":
        return {cadence.value: cadence.label for cadence in Cadence}
    return branch(f"code.{column}")
