"""A version of a list as lines, what a file says of one, and what two have apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from connectors.connector import FileContext
from connectors.frame import RefusedFileError
from connectors.landed import open_landed, stated_as_of
from connectors.registry import CONNECTORS
from hub.errors import RefusedActError
from schema.drug_lists import ChangeReason
from schema.list_families import PUBLISHED
from schema.list_refusals import ListFault, ListFileFaulty

FEED = "drug_lists"
LAYOUT = "list_version"


class Line(NamedTuple):
    """An entry of a version."""

    id: int
    name_zh: str
    dosage_form: str | None
    strength_text: str | None
    approval_number: str | None
    category_name: str | None
    reason_code: str
    remark: str | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a file says of a version."""

    list_id: int
    version_id: int
    kind_code: str
    region_code: str
    list_name: str
    effective_on: date
    document_title: str
    as_of: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version has that another has not."""

    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    #: before and after
    changed: tuple[tuple[Line, Line], ...]

    @property
    def is_nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.changed)


def difference(before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """What comes in, what leaves, and what is said otherwise; a reason that is not said again is no change."""
    old, new = {line.id: line for line in before}, {line.id: line for line in after}
    stay = [(old[key], _kept(old[key], line)) for key, line in new.items() if key in old]
    return Difference(
        tuple(line for key, line in new.items() if key not in old),
        tuple(line for key, line in old.items() if key not in new),
        tuple((one, other) for one, other in stay if one != other),
    )


def digest(lines: Iterable[Line], version_ids: Iterable[int]) -> str:
    """What lines and versions stand, as one SHA-256."""
    said = repr((sorted(lines, key=lambda line: line.id), sorted(version_ids)))
    return sha256(said.encode()).hexdigest()


def read_version(path: Path, sender_code: str) -> Proposed:
    """What a landed file says. RefusedActError with all its faults where it is not one whole version of a list."""
    manifest = CONNECTORS[FEED].manifest
    as_of = stated_as_of(path, manifest)
    try:
        table = open_landed(path, manifest)
        if table.layout.code != LAYOUT or as_of is None:
            raise _faulty(
                [ListFault(0, "list.no_version", None, None, "应为清单版本 expected a version of a list")]
            )
        context = FileContext(LAYOUT, sender_code, as_of, dict(table.headers))
        read = [CONNECTORS[FEED].normalise(context, chunk) for chunk in table.chunks()]
    except RefusedFileError as refusal:
        column = refusal.column_name
        raise _faulty(
            [ListFault(refusal.row_number or 0, refusal.code, column, None, str(refusal.hint))]
        ) from refusal
    records = {
        entity: pl.concat([each.records[entity] for each in read])
        for entity in (PUBLISHED.head, PUBLISHED.version, PUBLISHED.entry, PUBLISHED.move)
    }
    faults = pl.concat([each.faults for each in read]).filter(~pl.col("is_notice"))
    told = [
        ListFault(row, code, column, found, hint) for row, code, _, column, found, hint in faults.iter_rows()
    ]
    if told := told + _of_the_whole(records):
        raise _faulty(told)
    return _proposed(records, as_of)


def _of_the_whole(records: Mapping[Any, pl.DataFrame]) -> list[ListFault]:
    """Faults that only the whole file shows."""
    found = []
    heads = records[PUBLISHED.head].select("id", "version_id", "name").unique()
    if heads.height != 1:
        found.append(
            ListFault(0, "list.other_version", None, None, "应为一个清单的一个版本 one version of one list")
        )
    moves = records[PUBLISHED.move]
    twice = moves.filter(moves.get_column("id").is_duplicated())
    found += [
        ListFault(
            row, "row.contradiction", None, name, "同一药品出现多次 the same medicine stands here twice"
        )
        for row, name in twice.select("row_number", "name_zh").iter_rows()
    ]
    return found


def _proposed(records: Mapping[Any, pl.DataFrame], as_of: datetime) -> Proposed:
    head = records[PUBLISHED.head].row(0, named=True)
    version = records[PUBLISHED.version].row(0, named=True)
    lines = records[PUBLISHED.entry].select(Line._fields)
    return Proposed(
        list_id=head["id"],
        version_id=version["id"],
        kind_code=head["kind_code"],
        region_code=head["region_code"],
        list_name=head["name"],
        effective_on=version["effective_on"],
        document_title=version["document_title"],
        as_of=as_of,
        lines=tuple(Line(*row) for row in lines.iter_rows()),
    )


def _kept(before: Line, after: Line) -> Line:
    if after.reason_code != ChangeReason.NOT_STATED:
        return after
    return after._replace(reason_code=before.reason_code)


def _faulty(faults: list[ListFault]) -> RefusedActError:
    return RefusedActError(ListFileFaulty(tuple(faults)))
