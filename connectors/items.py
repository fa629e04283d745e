"""A sender's own items as its files describe them: a chain's goods, the medicines of a health platform."""

from collections.abc import Callable

import polars as pl

from connectors.cells import CellError
from connectors.columns import derive
from connectors.reading import Reading
from schema.declare import fields_of
from schema.entities.item import DescribedItem
from schema.identifiers import (
    approval_number_readings,
    check_nhsa_code,
    check_standard_code,
    parse_approval_number,
)
from schema.ids import stable_id
from schema.names import fold_text
from schema.trace_codes import trace_prefix_of

_PREFIX = "item_"


def _approval_number(raw: str) -> str:
    """The number; with letters among its digits as received, for the ladder to hold against the item's other words."""
    if approval_number_readings(raw):
        return "".join(fold_text(raw).split())
    return parse_approval_number(raw).text


def _tell_lookalike(raw: str) -> None:
    if approval_number_readings(raw):
        parse_approval_number(raw)


#: what is checked, and keeps the row out where it is wrong
_CHECKED: dict[str, Callable[[str], str]] = {
    "approval_number": _approval_number,
    "standard_code": check_standard_code,
}
#: what is left empty and told of where it is not understood: the item has other codes
_LENIENT: dict[str, Callable[[str], str]] = {
    "nhsa_code": check_nhsa_code,
    "trace_prefix": trace_prefix_of,
}
_NAMELESS = CellError("cell.missing", "此列必填", "this column must be filled")


def item_id(entity: type[DescribedItem], sender_code: str, item_code: str) -> int:
    """The stable identifier of a sender's own item."""
    return stable_id(str(entity.__tablename__), sender_code, item_code)


def item_records(
    reading: Reading, entity: type[DescribedItem], sender: str, *, must_be_named: bool = True
) -> pl.DataFrame:
    """The items of the rows, one for each row; the hub keeps one for each item.

    An item outside the insurance catalogue has only the sender's own name there. One without a name is a fault,
    or, where files need not describe items, has none here: `described` leaves such rows out.
    """
    codes = reading.field(entity, "item_code")
    names = _names(reading, entity)
    reading.notice("item_approval_number", _tell_lookalike)
    if must_be_named:
        reading.fault("item_name_zh", names.is_null(), _NAMELESS)
    stated = [
        _stated(reading, entity, field.name)
        for field in fields_of(entity)
        if reading.states(_PREFIX + field.name) and field.name != "name_zh"
    ]
    return pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            derive("id", codes, lambda code: item_id(entity, sender, code), pl.Int64),
            codes,
            names,
            *stated,
        ]
    ).with_columns(sender_code=pl.lit(sender))


def described(items: pl.DataFrame) -> pl.DataFrame:
    """Those that have a name."""
    return items.filter(pl.col("name_zh").is_not_null())


def _names(reading: Reading, entity: type[DescribedItem]) -> pl.Series:
    # read as the nullable field: whether a name is needed is not the field's to say
    generic = reading.field(entity, "trade_name_zh", raw="item_name_zh")
    own = reading.field(entity, "trade_name_zh", raw="item_local_name")
    return generic.zip_with(generic.is_not_null(), own).alias("name_zh")


def _stated(reading: Reading, entity: type[DescribedItem], name: str) -> pl.Series:
    raw = _PREFIX + name
    if name in _LENIENT:
        return reading.column(raw, _LENIENT[name], pl.String, is_notice=True).alias(name)
    return reading.field(entity, name, raw=raw, parse=_CHECKED.get(name))
