"""Coded values as people read them, by the column that holds them."""

from publish.site.strings import branch
from schema.cadence import Cadence
from schema.declare import Label


def code_label(column: str, value: object) -> Label | None:
    """What a coded value means; None where the column is not coded or the value is not known."""
    if column == "cadence":
        return Cadence(str(value)).label if value in list(Cadence) else None
    return branch("code").get(f"{column}.{value}")


def codes_of(column: str) -> dict[str, Label]:
    """Every value that a coded column may hold, with its meaning; empty where it is not coded."""
    if column == "cadence":
        return {cadence.value: cadence.label for cadence in Cadence}
    return branch(f"code.{column}")
