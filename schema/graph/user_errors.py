"""What a person can do something about: errors in a mutation's payload, a type for each refusal."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema import refusals
from schema.declare import Entity
from schema.entities import Batch, Judgement
from schema.graph.access_errors import ACCESS_ERRORS, ACCESS_INPUTS
from schema.graph.directives import requires
from schema.graph.items import ItemKind, one
from schema.graph.resolve import GraphInfo
from schema.graph.told import HubBusy, InvalidInput, Told
from schema.graph.types import TYPES
from schema.refusals import Refusal
from schema.scopes import Scope


def _judging(description: str) -> Any:
    return strawberry.field(description=description, directives=[requires(Scope.IDENTITY_JUDGE)])


def _deciding(description: str) -> Any:
    return strawberry.field(description=description, directives=[requires(Scope.FEED_DECIDE)])


def entity_field(entity: type[Entity], attribute: str, description: str) -> Any:
    """A field that is the entity whose identifier stands in an attribute, under the entity's own scope."""

    async def resolve(root: Any, info: GraphInfo) -> Any:
        return await one(info, entity, getattr(root, attribute))

    resolve.__annotations__ = {"info": GraphInfo}
    return strawberry.field(
        resolver=resolve,
        graphql_type=TYPES[entity] | None,
        description=description,
        directives=[requires(entity.about.scope)],
    )


@strawberry.type(description="对象的各项不全 Not all values that name an item of this kind.")
class ItemIncomplete(Told):
    """Too few or too many values."""

    item_kind: ItemKind = _judging("对象类别 Kind of item")
    expected: list[str] = _judging("应依次写明的各项 What names an item of this kind, in this order")


@strawberry.type(description="没有这个对象 There is no such item.")
class ItemNotFound(Told):
    """No such item."""

    item_kind: ItemKind = _judging("对象类别 Kind of item")
    item: list[str | None] = _judging("所写的各项 As it was named")


@strawberry.type(description="没有此批准文号的注册药品 No registered medicine has this number.")
class ProductNotFound(Told):
    """No such medicine."""

    approval_number: str = _judging("批准文号 Approval number")


@strawberry.type(description="该对象已有判定 A judgement about the item stands: withdraw it first.")
class JudgementStands(Told):
    """Somebody was first."""

    judgement_id: int = _judging("判定编号 Judgement")
    judgement: Any = entity_field(Judgement, "judgement_id", "已有的判定 The judgement that stands")


@strawberry.type(description="没有此编号的判定 There is no such judgement.")
class JudgementNotFound(Told):
    """No such judgement."""

    judgement_id: int = _judging("判定编号 Judgement")


@strawberry.type(description="该判定已撤回 Somebody withdrew it already.")
class JudgementWithdrawn(Told):
    """Somebody was first."""

    judgement_id: int = _judging("判定编号 Judgement")
    judgement: Any = entity_field(Judgement, "judgement_id", "该判定及其撤回 It, with its withdrawal")


@strawberry.type(description="没有此编号的批次 There is no such batch.")
class BatchNotFound(Told):
    """No such batch."""

    batch_id: int = _deciding("批次 Batch")


@strawberry.type(
    description="批次未被扣留，或已有人决定 The batch is not held, or somebody has decided already."
)
class BatchNotHeld(Told):
    """Somebody was first, or there is nothing to decide."""

    batch_id: int = _deciding("批次 Batch")
    state_code: str = _deciding("批次的状态 The state that it is in")
    batch: Any = entity_field(Batch, "batch_id", "该批次 The batch")


_TYPES: dict[type[Any], type[Told]] = {
    refusals.InvalidInput: InvalidInput,
    refusals.HubBusy: HubBusy,
    refusals.ItemIncomplete: ItemIncomplete,
    refusals.ItemNotFound: ItemNotFound,
    refusals.ProductNotFound: ProductNotFound,
    refusals.JudgementStands: JudgementStands,
    refusals.JudgementNotFound: JudgementNotFound,
    refusals.JudgementWithdrawn: JudgementWithdrawn,
    refusals.BatchNotFound: BatchNotFound,
    refusals.BatchNotHeld: BatchNotHeld,
    **ACCESS_ERRORS,
}
#: refusals about the item, which is named in one of two inputs
_OF_ITEMS = (refusals.ItemIncomplete, refusals.ItemNotFound, refusals.JudgementStands)
#: which input any other refusal is about
_INPUTS: dict[type[Any], str] = {
    refusals.ProductNotFound: "approvalNumber",
    refusals.JudgementNotFound: "judgementId",
    refusals.JudgementWithdrawn: "judgementId",
    refusals.BatchNotFound: "batchId",
    refusals.BatchNotHeld: "batchId",
    **ACCESS_INPUTS,
}


def user_error(refusal: Refusal, item_input: str = "item") -> Any:
    """A refusal as the graph tells it; `item_input` is the input by which an item was named."""
    if isinstance(refusal, refusals.InvalidInput):
        about: str | None = refusal.field
    elif isinstance(refusal, _OF_ITEMS):
        about = item_input
    else:
        about = _INPUTS.get(type(refusal))
    own = {name: _shown(name, value) for name, value in _own(refusal).items()}
    path = [] if about is None else ["input", about]
    return _TYPES[type(refusal)](message=str(refusal.message), code=refusal.code, path=path, **own)


def _own(refusal: Any) -> dict[str, Any]:
    return {} if isinstance(refusal, refusals.InvalidInput) else asdict(refusal)


def _shown(name: str, value: Any) -> Any:
    if name == "item_kind":
        return ItemKind(value)
    if name == "expected":
        return [to_camel_case(each) for each in value]
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
