"""What a source's own item carries beside its words: which registered medicine it was recognised as, and why."""

from decimal import Decimal
from typing import ClassVar

from schema.declare import Filled, Label, Release, ToOne, coded, declared, identifier
from schema.entities.fact import Fact


class Matched(Fact):
    """A source's own item and its link to a medicine: method, score and evidence stand with it, never silently."""

    #: columns by which people's judgements name the item
    judged_by: ClassVar[tuple[str, ...]]

    product_id: int | None = identifier(
        "药品标识", "Product identifier", release=Release.OPEN, filterable=True
    )
    match_code: str = coded(
        "对应状态",
        "Match status",
        release=Release.OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=(
            "linked 已对应，waiting 待人工，conflict 各码矛盾，none 人工判定不是注册药品",
            "linked, waiting for a person, codes in conflict, or judged to be no registered medicine",
        ),
    )
    match_method_code: str | None = coded("对应方法", "Match method", release=Release.OPEN, filled=Filled.HUB)
    match_score: Decimal | None = declared("对应分值", "Match score", release=Release.OPEN, filled=Filled.HUB)
    match_evidence: str | None = declared(
        "对应依据", "Match evidence", release=Release.RESTRICTED, filled=Filled.HUB
    )


#: the columns that the identity ladder fills
MATCH_COLUMNS: tuple[str, ...] = tuple(name for name in Matched.model_fields if name not in Fact.model_fields)
#: the relation that every matched item has
TO_PRODUCT = ToOne("product", Label("对应药品", "Recognised medicine"), "Product", "product_id", "id")
