"""What may be given instead of a medicine (临床短缺药品替代使用指南): from what to what, when, and on whose word."""

from datetime import date
from typing import Any, ClassVar

from schema.declare import Filled, Label, Release, Subject, ToMany, ToOne, coded, declared, identifier
from schema.entities.dimensions import by, by_date, by_medicine
from schema.entities.fact import Fact, fact_table
from schema.entities.listed import ProductMatch
from schema.provider import Provider
from schema.rows import EVERYBODY
from schema.scopes import Scope

_KEY = ("id",)
_OPEN = Release.OPEN


def _text(zh: str, en: str, **rest: Any) -> Any:
    return declared(zh, en, release=_OPEN, filterable=True, **rest)


class Substitution(Fact, table=True):
    """替代用药."""

    __tablename__ = "substitution"
    __table_args__ = fact_table("substitution", _KEY, ("from_name", "id"), ("to_name", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("替代用药", "Substitution"),
        plural="substitutions",
        roots=Label(
            "短缺时可用何药替代、条件与依据", "What may be given instead, on which condition, on whose word"
        ),
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=(
            ToMany(
                "matches",
                Label("两边所指药品", "Medicines that either side means"),
                "SubstitutionMatch",
                "id",
                "substitution_id",
            ),
        ),
        dimensions=(
            by("sender", "发送方", "Sender", "sender_code"),
            by("issuer", "发布单位", "Issuer", "issuer_name"),
            by("from_name", "被替代药品", "From", "from_name"),
            by("to_name", "替代药品", "To", "to_name"),
            *by_date("effective", "生效日期", "Effective", "effective_on"),
        ),
    )

    id: int = identifier("替代标识", "Substitution identifier", release=_OPEN, filterable=True, sortable=True)
    sender_code: str = coded("发送方代码", "Sender code", release=_OPEN, filled=Filled.HUB, filterable=True)
    from_name: str = _text("被替代药品", "Medicine in short supply", sortable=True)
    from_form: str | None = _text("被替代药品剂型", "Its dosage form")
    to_name: str = _text("替代药品", "Medicine to be given instead", sortable=True)
    to_form: str | None = _text("替代药品剂型", "Its dosage form")
    condition_text: str | None = _text("适用条件", "Condition")
    evidence_text: str | None = _text("依据", "Evidence")
    issuer_name: str = _text("发布单位", "Issuer")
    document_title: str = _text("文件名称", "Title of the document")
    document_number: str | None = _text("文号", "Document number")
    effective_on: date = _text("生效日期", "Effective on", sortable=True)


class SubstitutionMatch(ProductMatch, table=True):
    """替代用药所指药品. The hub works it out, and anew when words of either change."""

    __tablename__ = "substitution_match"
    __table_args__ = fact_table("substitution_match", _KEY, ("substitution_id", "id"), ("product_id", "id"))
    about: ClassVar[Subject] = Subject(
        label=Label("替代用药所指药品", "Medicine that a substitution means"),
        plural="substitution_matches",
        scope=Scope.LIST_READ,
        key=_KEY,
        provider=Provider.HEALTH,
        rows=EVERYBODY,
        relations=(
            ToOne("substitution", Label("替代用药", "Substitution"), "Substitution", "substitution_id", "id"),
            ToOne("product", Label("药品", "Medicinal product"), "Product", "product_id", "id"),
        ),
        dimensions=(
            by("side", "哪一边", "Side", "side_code"),
            by("method", "对应方法", "Match method", "method_code"),
            *by_medicine("product"),
        ),
    )

    substitution_id: int = identifier("替代标识", "Substitution identifier", release=_OPEN, filterable=True)
    side_code: str = coded(
        "哪一边",
        "Side",
        release=_OPEN,
        filled=Filled.HUB,
        filterable=True,
        note=("from 被替代，to 用以替代", "from: in short supply; to: given instead"),
    )
