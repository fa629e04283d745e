"""What a source's own item carries beside its words: which registered medicine it was recognised as, and why."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from schema.declare import Filled, Label, Release, ToOne, coded, declared, identifier
from schema.entities.fact import Fact


class Matched(Fact):
    """A source's own item and its link to a medicine: method, score and evidence stand with it, never silently."""

    #: columns by which people's judgements name the item
    judged_by: ClassVar[tuple[str, ...]]
    #: columns that say a word of the ladder (`hub.ingest.identity.Words`), where it is not the column of that name,
    #: the first that is filled counts; none at all: a code of the item's own, which is no witness for itself
    said_in: ClassVar[Mapping[str, tuple[str, ...]]] = {}

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
            "linked 已对应，concept 只知品种，waiting 待人工，conflict 各码矛盾，none 人工判定不是注册药品",
            "linked, only the concept is known, waiting for a person, codes in conflict, or judged to be none",
        ),
    )
    match_method_code: str | None = coded(
        "对应方法", "Match method", release=Release.OPEN, filled=Filled.HUB, filterable=True
    )
    match_concept_id: int | None = identifier(
        "对应概念",
        "Recognised concept",
        release=Release.OPEN,
        filterable=True,
        note=(
            "名称与规格相符而厂家不明时，只对应到药品概念",
            "name and strength agree and the maker is not known: the concept only, no medicine",
        ),
    )
    match_score: Decimal | None = declared(
        "对应分值", "Match score", release=Release.OPEN, filled=Filled.HUB, filterable=True, sortable=True
    )
    match_evidence: str | None = declared(
        "对应依据", "Match evidence", release=Release.RESTRICTED, filled=Filled.HUB
    )
    match_judgement_id: int | None = declared(
        "所依判定",
        "Judgement it rests on",
        release=Release.RESTRICTED,
        filled=Filled.HUB,
        filterable=True,
        note=("空为并非人工判定", "empty: not judged by a person"),
    )


#: the columns that the identity ladder fills
MATCH_COLUMNS: tuple[str, ...] = tuple(name for name in Matched.model_fields if name not in Fact.model_fields)
#: the relation that every matched item has
TO_PRODUCT = ToOne("product", Label("对应药品", "Recognised medicine"), "Product", "product_id", "id")
#: the relation of every matched item to the judgement that dictates its link
TO_JUDGEMENT = ToOne(
    "judgement", Label("所依人工判定", "Judgement it rests on"), "Judgement", "match_judgement_id", "id"
)
#: the relation of every matched item to the concept that alone was recognised
TO_MATCH_CONCEPT = ToOne(
    "match_concept", Label("对应概念", "Recognised concept"), "DrugConcept", "match_concept_id", "id"
)
