"""Reading a chunk by the column: each distinct text is understood once; what is not understood is a fault."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from connectors.cells import BY_TYPE, CellError
from connectors.frame import Chunk, Normalised, fault_rows, fault_table
from schema.declare import Entity, EntityField, field_of
from schema.identifiers import IdentifierError

_POLARS_TYPES: dict[type, Any] = {
    str: pl.String,
    int: pl.Int64,
    Decimal: pl.Decimal(20, 6),
    date: pl.Date,
    datetime: pl.Datetime("us", "UTC"),
    bool: pl.Boolean,
}
#: characters of a cell; an index of PostgreSQL takes 2,704 bytes, and a Chinese character has three
_MAX_TEXT = 800
_MISSING = CellError("cell.missing", "此列必填", "this column must be filled")


class Reading:
    """One chunk on its way from text to typed columns, gathering faults."""

    def __init__(self, chunk: Chunk, headers: dict[str, str]) -> None:
        self.frame = chunk.frame
        self._headers = headers
        self._faults = [fault_table(chunk.faults)]

    def states(self, raw: str) -> bool:
        """Whether the file has a column for this raw field."""
        return raw in self._headers

    def header(self, raw: str) -> str:
        """The header of a raw field as the file writes it; KeyError where it has none."""
        return self._headers[raw]

    def field(
        self,
        entity: type[Entity],
        name: str,
        raw: str | None = None,
        parse: Callable[[str], Any] | None = None,
    ) -> pl.Series:
        """The column of a declared field, read and checked as its declaration says.

        `raw` is the raw field's name where it differs from the entity's; `parse` replaces the reading by type.
        """
        declared = field_of(entity, name)
        understand = _checked(declared, parse or BY_TYPE[declared.python_type])
        missing = None if declared.nullable else _MISSING
        return self.column(raw or name, understand, _POLARS_TYPES[declared.python_type], missing).alias(name)

    def lenient(
        self, entity: type[Entity], name: str, parse: Callable[[str], Any] | None = None
    ) -> pl.Series:
        """The column of a declared field that is not worth its row: what is not understood is told of, and null."""
        declared = field_of(entity, name)
        understand = _checked(declared, parse or BY_TYPE[declared.python_type])

        def or_nothing(text: str) -> Any:
            try:
                return understand(text)
            except (IdentifierError, CellError):
                return None

        self.notice(name, understand)
        return self.column(name, or_nothing, _POLARS_TYPES[declared.python_type]).alias(name)

    def column(
        self,
        raw: str,
        understand: Callable[[str], Any],
        dtype: Any,
        missing: CellError | None = None,
        *,
        is_notice: bool = False,
    ) -> pl.Series:
        """The column of a raw field: `understand` runs once for each distinct text; null where it fails.

        With `is_notice` a text that is not understood is told of and keeps no row out.
        """
        if not self.states(raw):
            return pl.Series(raw, [None] * self.frame.height, dtype=dtype)
        texts = self.frame.get_column(raw)
        values: dict[str, Any] = {}
        for distinct in texts.drop_nulls().unique(maintain_order=True):
            try:
                values[distinct] = understand(distinct)
            except IdentifierError as error:
                found = CellError(error.code, error.hint_zh, error.hint_en)
                self._fault_where(raw, distinct, found, is_notice=is_notice)
            except CellError as error:
                self._fault_where(raw, distinct, error, is_notice=is_notice)
        if missing is not None:
            self._fault_where(raw, None, missing)
        return texts.replace_strict(
            pl.Series(list(values), dtype=pl.String),
            pl.Series(list(values.values()), dtype=dtype),
            default=None,
            return_dtype=dtype,
        )

    def parts(self, raw: str, understand: Callable[[str], Any], schema: dict[str, Any]) -> pl.DataFrame:
        """What a cell of several things holds: `row_number` and the columns of `schema`, a row for each thing.

        `understand` gives them as tuples, once for each distinct text; where it raises CellError the cell
        gives none, and its row is told of but not kept out.
        """
        if not self.states(raw):
            return pl.DataFrame(schema={"row_number": self.frame.schema["row_number"], **schema})
        found: list[tuple[Any, ...]] = []
        texts = self.frame.select("row_number", raw).drop_nulls(raw)
        for distinct in texts.get_column(raw).unique(maintain_order=True):
            try:
                found += [(distinct, *part) for part in understand(distinct)]
            except CellError as error:
                self._fault_where(raw, distinct, error, is_notice=True)
        table = pl.DataFrame(found, schema={raw: pl.String, **schema}, orient="row")
        return texts.join(table, on=raw, how="inner", maintain_order="left_right").drop(raw)

    def notice(self, raw: str, understand: Callable[[str], Any]) -> None:
        """Tell of the texts of a raw field that `understand` rejects, without keeping their rows out."""
        if not self.states(raw):
            return
        for distinct in self.frame.get_column(raw).drop_nulls().unique(maintain_order=True):
            try:
                understand(distinct)
            except IdentifierError as error:
                found = CellError(error.code, error.hint_zh, error.hint_en)
                self._fault_where(raw, distinct, found, is_notice=True)
            except CellError as error:
                self._fault_where(raw, distinct, error, is_notice=True)

    def fault(self, raw: str, where: pl.Series, error: CellError, *, is_notice: bool = False) -> None:
        """Fault the rows where `where` is true, at their text of a raw field; for what several cells say together."""
        rows = self.frame.filter(where.fill_null(value=False))
        self._add(rows, raw, error.code, str(error.hint), is_notice=is_notice)

    def fault_each(self, raw: str, problems: pl.DataFrame) -> None:
        """Fault rows at their text of a raw field. `problems`: `code` and `hint` by row, null where it is good."""
        rows = pl.concat([self.frame, problems.select("code", "hint")], how="horizontal")
        self._add(rows.filter(pl.col("code").is_not_null()), raw, pl.col("code"), pl.col("hint"))

    def _add(
        self,
        rows: pl.DataFrame,
        raw: str,
        code: str | pl.Expr,
        hint: str | pl.Expr,
        *,
        is_notice: bool = False,
    ) -> None:
        found = pl.col(raw) if self.states(raw) else None
        self._faults.append(fault_rows(rows, code, hint, self._headers.get(raw), found, is_notice=is_notice))

    def finish(self, records: dict[type[Entity], pl.DataFrame]) -> Normalised:
        """The records without the rows that have a fault, and all faults."""
        faults = pl.concat(self._faults)
        bad = faults.filter(~pl.col("is_notice")).get_column("row_number").unique().implode()
        is_bad = pl.col("row_number").is_in(bad)
        return Normalised(
            {entity: table.filter(~is_bad) for entity, table in records.items()},
            {entity: table.filter(is_bad) for entity, table in records.items()},
            faults,
        )

    def _fault_where(
        self, raw: str, distinct: str | None, error: CellError, *, is_notice: bool = False
    ) -> None:
        texts = self.frame.get_column(raw)
        where = texts.is_null() if distinct is None else texts == distinct
        self.fault(raw, where, error, is_notice=is_notice)


def _checked(declared: EntityField, understand: Callable[[str], Any]) -> Callable[[str], Any]:
    """`understand`, followed by the length that a cell may have and the pattern of the declaration."""
    pattern = declared.declaration.pattern
    compiled = re.compile(pattern) if pattern else None

    def checked(raw: str) -> Any:
        if len(raw) > _MAX_TEXT:
            raise CellError(
                "cell.too_long",
                f"最多 {_MAX_TEXT} 字，这里有 {len(raw)} 字",
                f"at most {_MAX_TEXT} characters, here {len(raw)}",
            )
        value = understand(raw)
        if compiled and not compiled.match(str(value)):
            raise CellError("cell.pattern", f"应符合 {pattern}", f"expected to match {pattern}")
        return value

    return checked
