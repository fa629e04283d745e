"""The kinds of places that say what they keep: pharmacies by stock-takes, medical institutions by formularies."""

from dataclasses import dataclass

from hub.ingest.stage_store import stage_of
from schema.declare import Entity, Label
from schema.entities import (
    FormularyConfirmation,
    Institution,
    InstitutionItem,
    InstitutionMedicine,
    LocalItem,
    OnSale,
    Pharmacy,
    StockTake,
)
from schema.entities.matched import Matched


@dataclass(frozen=True, slots=True)
class Keeping:
    """One kind of places: what they are, what they keep, and by which columns that hangs together."""

    place: type[Entity]
    item: type[Matched]
    #: a place keeps an item
    kept: type[Entity]
    #: when a place last confirmed all that it keeps
    confirmation: type[Entity]
    #: column with the place's identifier
    place_id: str
    #: column, and raw field of files, with the sender's code of the place
    place_code: str
    #: code of the fault of a row that names a place which nobody has registered
    unknown: str
    unknown_hint: Label
    #: why nothing ends by its absence where rows cannot be told to belong to any place
    nowhere: Label

    @property
    def table(self) -> str:
        """The table of what is kept."""
        return str(self.kept.__tablename__)

    @property
    def stage(self) -> str:
        """The stage of what is kept."""
        return stage_of(self.kept)

    @property
    def item_stage(self) -> str:
        """The stage of the items."""
        return stage_of(self.item)


PHARMACIES = Keeping(
    Pharmacy,
    LocalItem,
    OnSale,
    StockTake,
    "pharmacy_id",
    "store_code",
    "row.unknown_pharmacy",
    Label("门店不在门店名单内，请先送门店文件", "no such store: send the file of stores first"),
    Label(
        "有行无法辨认属哪家门店，本次不据此判断停售",
        "some rows cannot be told to belong to any store, so nothing ends by its absence from this file",
    ),
)
INSTITUTIONS = Keeping(
    Institution,
    InstitutionItem,
    InstitutionMedicine,
    FormularyConfirmation,
    "institution_id",
    "institution_code",
    "row.unknown_institution",
    Label(
        "医疗机构不在名单内，请先送医疗机构名单",
        "no such institution: send the register of institutions first",
    ),
    Label(
        "有行无法辨认属哪家医疗机构，本次不据此判断停用",
        "some rows cannot be told to belong to any institution, so nothing ends by its absence from this file",
    ),
)
KEEPINGS = (PHARMACIES, INSTITUTIONS)
