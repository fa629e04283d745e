"""Cells that name organisations, and the file of changes of their names."""

import polars as pl

from connectors.cells import CellError
from connectors.columns import derive
from connectors.reading import Reading
from schema.declare import Entity
from schema.entities import OrganizationNameChange
from schema.identifiers import check_uscc
from schema.ids import stable_id
from schema.organizations import (
    is_no_organization,
    organization_key,
    organization_name_id,
    split_organizations,
)

NO_ORGANIZATION = CellError(
    "cell.no_organization",
    "这里像是剂型或规格，不是企业名称：原文保留，未据此认定企业",
    "this looks like a dosage form or a strength, no organisation: kept as text, no organisation made of it",
)
_SEVERAL = CellError(
    "cell.several_organizations",
    "一格有几个企业名称：原文保留，未据此认定企业",
    "several organisations in one cell: kept as text, none of them taken",
)
_SAME_NAME = CellError("cell.same_name", "现名称与原名称相同", "both names are the same")


def name_ids(reading: Reading, raw: str) -> pl.Series:
    """The identifier of the one organisation's name in each cell (`<raw>_id`); null, and told, where it is not one."""

    def understand(cell: str) -> None:
        if is_no_organization(cell):
            raise NO_ORGANIZATION
        if len(split_organizations(cell)) > 1:
            raise _SEVERAL

    def identify(cell: str) -> int | None:
        names = split_organizations(cell)
        return None if len(names) != 1 or is_no_organization(cell) else organization_name_id(names[0])

    reading.notice(raw, understand)
    return reading.column(raw, identify, pl.Int64).alias(f"{raw}_id")


def name_changes(reading: Reading) -> dict[type[Entity], pl.DataFrame]:
    """One change of a name for each row."""
    codes = reading.field(OrganizationNameChange, "uscc", parse=check_uscc)
    names = [reading.field(OrganizationNameChange, name) for name in ("former_name", "name")]
    days = reading.field(OrganizationNameChange, "changed_on")
    keys = [derive("key", series, organization_key, pl.String) for series in names]
    reading.fault("name", keys[0] == keys[1], _SAME_NAME)
    natural = zip(codes, *keys, days, strict=True)
    ids = [None if None in key else stable_id("organization_name_change", *map(str, key)) for key in natural]
    columns = [reading.frame.get_column("row_number"), pl.Series("id", ids, pl.Int64), codes, *names, days]
    return {OrganizationNameChange: pl.DataFrame(columns)}
