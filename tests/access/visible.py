"""Which rows a caller may see, worked out from a full dump by plain code that knows nothing of the house's rules.

Written from the policy documents: what is in one's area (辖区内), and what is one's own. A table that is not named here
is the same for everybody; a row whose place nobody knows is for callers of the whole country alone.
"""

from collections.abc import Callable
from typing import Any

from tests.lib.graph_rows import Row, Rows


def visible(rows: Rows, region: str | None, owners: frozenset[str]) -> Rows:
    """The rows that a caller of a division (its code), or of an organisation (`kind:code`), may see."""
    if region == "000000":
        return rows
    return _Filter(rows, region, owners).all()


class _Filter:
    def __init__(self, rows: Rows, region: str | None, owners: frozenset[str]) -> None:
        self._rows = {entity.__name__: found for entity, found in rows.items()}
        self._all = rows
        self._region = region
        self._owners = owners

    def all(self) -> Rows:
        """Table by table."""
        return {
            entity: [row for row in found if _RULES.get(entity.__name__, _everybody)(self, row)]
            for entity, found in self._all.items()
        }

    def inside(self, code: str | None, skipped: int = 0) -> bool:
        """Whether six digits of a code lie in the caller's division, which ends in pairs of noughts."""
        if self._region is None or code is None:
            return False
        digits = self._region
        while digits.endswith("00"):
            digits = digits[:-2]
        return code[skipped : skipped + len(digits)] == digits

    def own(self, kind: str, code: str | None) -> bool:
        """Whether a code is one of the caller's."""
        return f"{kind}:{code}" in self._owners

    def known(self, table: str, key: str, value: Any) -> list[Row]:
        """The rows of a table with a value that are not superseded."""
        return [
            row
            for row in self._rows[table]
            if value is not None and row[key] == value and row.get("superseded_at") is None
        ]

    def is_region(self) -> bool:
        """Whether the caller is a division's."""
        return self._region is not None

    def sender(self, row: Row) -> bool:
        """By the sender that a row names."""
        registered = self.known("Sender", "code", row["sender_code"])
        return self.own("sender", row["sender_code"]) or any(
            self.inside(each["region_code"]) for each in registered
        )

    def institution(self, row: Row) -> bool:
        """By the institution that a row names."""
        code = row["institution_code"]
        carries = code is not None and code[:1] in ("H", "P")
        return self.own("institution", code) or (carries and self.inside(code, 1))

    def any_of(self, table: str, value: Any, rule: str | None = None) -> bool:
        """Whether there is a row of a table with this identifier that may be seen."""
        return any(_RULES[rule or table](self, row) for row in self.known(table, "id", value))


def _everybody(_seen: _Filter, _row: Row) -> bool:
    return True


def _pharmacy(seen: _Filter, row: Row) -> bool:
    return seen.inside(row["region_code"]) or seen.own("sender", row["sender_code"])


def _at_pharmacy(seen: _Filter, row: Row) -> bool:
    return seen.any_of("Pharmacy", row["pharmacy_id"])


def _medical_institution(seen: _Filter, row: Row) -> bool:
    codes = (("sender", "sender_code"), ("company", "uscc"), ("institution", "insurance_code"))
    return seen.inside(row["region_code"]) or any(seen.own(kind, row[name]) for kind, name in codes)


def _at_medical_institution(seen: _Filter, row: Row) -> bool:
    return seen.any_of("Institution", row["institution_id"])


def _of_sender(seen: _Filter, row: Row) -> bool:
    return seen.sender(row)


def _own_item(seen: _Filter, row: Row) -> bool:
    return seen.is_region() or seen.own("sender", row["sender_code"])


def _production(seen: _Filter, row: Row) -> bool:
    uscc = row["uscc"]
    return seen.inside(uscc, 2) or seen.own("company", uscc) or seen.own("sender", row["sender_code"])


def _purchase(seen: _Filter, row: Row) -> bool:
    return seen.institution(row) or seen.own("distributor", row["distributor_code"]) or seen.sender(row)


def _delivery(seen: _Filter, row: Row) -> bool:
    by_line = seen.any_of("PurchaseLine", row["purchase_line_id"])
    return by_line or seen.own("distributor", row["distributor_code"]) or seen.sender(row)


def _settlement(seen: _Filter, row: Row) -> bool:
    return _purchase(seen, row) or seen.any_of("PurchaseLine", row["purchase_line_id"])


def _filed(seen: _Filter, row: Row) -> bool:
    return seen.institution(row) or seen.sender(row)


def _consignment(seen: _Filter, row: Row) -> bool:
    outlets = seen.known("PostalOutlet", "id", row["accepting_outlet_id"])
    return any(seen.inside(outlet["region_code"]) for outlet in outlets) or seen.sender(row)


def _event(seen: _Filter, row: Row) -> bool:
    return seen.any_of("Consignment", row["consignment_id"]) or seen.sender(row)


def _in_batch(seen: _Filter, row: Row) -> bool:
    return any(seen.sender(batch) for batch in seen.known("Batch", "id", row["batch_id"]))


def _settled(seen: _Filter, row: Row) -> bool:
    return seen.any_of("QuarantinedRow", row["row_id"])


def _withdrawn(seen: _Filter, row: Row) -> bool:
    return seen.is_region() or seen.any_of("Judgement", row["judgement_id"])


def _list_of_division(seen: _Filter, row: Row) -> bool:
    return seen.inside(row["region_code"]) or seen.sender(row)


def _of_reserve_list(seen: _Filter, row: Row) -> bool:
    return seen.any_of("ReserveList", row["list_id"])


def _of_reserve_entry(seen: _Filter, row: Row) -> bool:
    return seen.any_of("ReserveEntry", row["entry_id"])


def _of_proposal(seen: _Filter, row: Row) -> bool:
    return seen.any_of("ListProposal", row["proposal_id"])


_RULES: dict[str, Callable[[_Filter, Row], bool]] = {
    "Pharmacy": _pharmacy,
    "OnSale": _at_pharmacy,
    "StockTake": _at_pharmacy,
    "InventoryChange": _at_pharmacy,
    "StockLot": _at_pharmacy,
    "StockLevel": _at_pharmacy,
    "LocalItem": _own_item,
    "Institution": _medical_institution,
    "InstitutionMedicine": _at_medical_institution,
    "FormularyConfirmation": _at_medical_institution,
    "ProductionReport": _production,
    "PurchaseLine": _purchase,
    "DeliveryLine": _delivery,
    "Settlement": _settlement,
    "FiledPurchase": _filed,
    "Consignment": _consignment,
    "TrackingEvent": _event,
    "Fault": _in_batch,
    "QuarantinedRow": _in_batch,
    "FaultSettlement": _settled,
    "Pull": _of_sender,
    "Judgement": _own_item,
    "JudgementWithdrawal": _withdrawn,
    "ReserveList": _list_of_division,
    "ReserveListVersion": _of_reserve_list,
    "ReserveEntry": _of_reserve_list,
    "ReserveChange": _of_reserve_list,
    "ReserveMatch": _of_reserve_entry,
    "ListProposal": _list_of_division,
    "ListDecision": _of_proposal,
}
