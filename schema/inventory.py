"""Words for changes of stock and of lines on sale, and what each does."""

from enum import StrEnum

from schema.names import name_key


class ChangeKind(StrEnum):
    """Why stock went in or out; `count` states a level, `unknown` is whatever the hub has no word for."""

    PURCHASE = "purchase"
    PURCHASE_RETURN = "purchase_return"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    GAIN = "gain"
    LOSS = "loss"
    DESTROYED = "destroyed"
    DONATION_IN = "donation_in"
    DONATION_OUT = "donation_out"
    OTHER_IN = "other_in"
    OTHER_OUT = "other_out"
    SALE = "sale"
    SALE_RETURN = "sale_return"
    COUNT = "count"
    UNKNOWN = "unknown"


class LineOperation(StrEnum):
    """What an incremental file says of one line on sale."""

    PUT = "put"
    END = "end"


#: what a change of each kind does to stock; `count` and `unknown` have no direction
_SIGNS = {
    ChangeKind.PURCHASE: 1,
    ChangeKind.PURCHASE_RETURN: -1,
    ChangeKind.TRANSFER_IN: 1,
    ChangeKind.TRANSFER_OUT: -1,
    ChangeKind.GAIN: 1,
    ChangeKind.LOSS: -1,
    ChangeKind.DESTROYED: -1,
    ChangeKind.DONATION_IN: 1,
    ChangeKind.DONATION_OUT: -1,
    ChangeKind.OTHER_IN: 1,
    ChangeKind.OTHER_OUT: -1,
    ChangeKind.SALE: -1,
    ChangeKind.SALE_RETURN: 1,
}
#: kind → words and, with digits, the codes of inv_chg_type in the interfaces of health insurance
_WORDS = {
    ChangeKind.PURCHASE: "108 采购入库 商品采购入库 购进入库 采购 购进 进货",
    ChangeKind.PURCHASE_RETURN: "109 商品退货出库 退货出库 采购退货 购进退出",
    ChangeKind.TRANSFER_IN: "101 调拨入库 调入",
    ChangeKind.TRANSFER_OUT: "102 调拨出库 调出",
    ChangeKind.GAIN: "103 盘盈 盘盈入库 报溢",
    ChangeKind.LOSS: "104 盘损 盘亏 盘损出库 盘亏出库 报损",
    ChangeKind.DESTROYED: "105 销毁",
    ChangeKind.OTHER_IN: "106 其他入库 入库",
    ChangeKind.OTHER_OUT: "107 其他出库 出库",
    ChangeKind.DONATION_IN: "110 赠药入库",
    ChangeKind.DONATION_OUT: "111 赠药退回出库",
    ChangeKind.SALE: "销售 销售出库 零售",
    ChangeKind.SALE_RETURN: "销售退货 销售退回 销售退货入库 销退",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_OPERATION_WORDS = {
    LineOperation.PUT: "新增 增加 上架 修改 变更 更新 add insert update modify",
    LineOperation.END: "删除 下架 停售 delete remove",
}
_OPERATIONS = {word: operation for operation, words in _OPERATION_WORDS.items() for word in words.split()}


def change_kind_of(text: str) -> ChangeKind | None:
    """The kind that a word or code stands for; None where there is no such word."""
    return _KINDS.get(name_key(text))


def sign_of(kind: ChangeKind) -> int | None:
    """1 where a change of this kind adds to stock, -1 where it takes away, None where the kind does not say."""
    return _SIGNS.get(kind)


def operation_of(text: str) -> LineOperation | None:
    """The operation that a word stands for; None where there is no such word."""
    return _OPERATIONS.get(name_key(text))
