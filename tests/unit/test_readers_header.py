"""Finding the header: which row, which layout, and what a refusal tells the clerk."""

from collections.abc import Sequence

import pytest

from connectors.frame import RefusedFileError
from connectors.manifest import Layout
from connectors.readers.header import MAX_COLUMNS, Header, nearest_header, settle

DRUGS = Layout(
    "drugs",
    {
        "code": ("批准文号", "approval no"),
        "name": ("产品名称", "通用名"),
        "spec": ("规格",),
        "price": ("价格",),
    },
    ("code", "name"),
)
STOCK = Layout("stock", {**DRUGS.headers, "stock": ("库存",)}, ("code", "name"))


def found(*rows: Sequence[str], layouts: Sequence[Layout] = (DRUGS,)) -> Header:
    """The header among rows."""
    return settle(nearest_header(rows, layouts))


def refusal(*rows: Sequence[str]) -> RefusedFileError:
    """Why no header is taken among rows."""
    with pytest.raises(RefusedFileError) as refused:
        found(*rows)
    return refused.value


def test_header_is_found_below_titles() -> None:
    """Title rows and blank rows above the header are passed over, and counted."""
    header = found(
        ["某省挂网药品目录", "", ""], [], ["序号", "批准文号", "产品名称"], ["1", "国药准字H1", "甲"]
    )
    assert (header.row_number, header.headers) == (3, {"code": "批准文号", "name": "产品名称"})


@pytest.mark.parametrize(
    "text",
    [
        "批准文号",
        " 批准 文号\n",
        "批准文号*",
        "＊批准文号",
        "批准文号（注册证编号）",
        "批准文号【必填】",
        "ＡＰＰＲＯＶＡＬ　No",
    ],
)
def test_header_text_is_tolerated(text: str) -> None:
    """Width, case, blanks, asterisks and bracketed notes do not matter; the text is kept as written."""
    assert found([text, "通用名"]).headers["code"] == text


def test_header_that_fits_whole_goes_before_one_with_a_note() -> None:
    """A column with a note stays unknown where another column bears the plain name."""
    header = found(["批准文号", "通用名", "价格(上期)", "价格"])
    assert (header.headers["price"], header.unknown) == ("价格", ("价格(上期)",))


def test_unclaimed_columns_are_told() -> None:
    """Headers of no field are listed; blank ones are none."""
    assert found(["序号", "批准文号", "", "通用名", "备注", ""]).unknown == ("序号", "备注")


def test_layout_with_most_columns_is_chosen() -> None:
    """Of several layouts that fit, the one that claims most columns is taken."""
    header = found(["批准文号", "通用名", "库存"], layouts=(DRUGS, STOCK))
    assert header.layout.code == "stock"


def test_missing_column_is_named() -> None:
    """A header which lacks a required column is refused with the name the manifest gives it first."""
    refused = refusal(["标题"], ["批准文号", "规格"])
    assert (refused.code, refused.row_number, refused.column_name) == ("file.column_missing", 2, "产品名称")


def test_no_header_shows_what_was_seen() -> None:
    """Where nothing looks like a header, the hint names what is needed and what stands there instead."""
    refused = refusal(["国药准字H1", "甲", "0.5mg"])
    assert refused.code == "file.no_header"
    assert "需要的列：批准文号、产品名称；最接近的是第1行：国药准字H1、甲、0.5mg" in refused.hint.zh


def test_two_columns_for_one_field_are_refused() -> None:
    """Nobody can tell which of two columns to believe, so the file is refused and both are named."""
    refused = refusal(["批准文号", "通用名", "产品名称"])
    assert (refused.code, refused.column_name) == ("file.duplicate_column", "产品名称")
    assert "“通用名”和“产品名称”" in refused.hint.zh


def test_absurd_width_is_refused() -> None:
    """More columns than any table has are refused before a frame is made of them."""
    refused = refusal(["批准文号", "通用名", *["x"] * MAX_COLUMNS])
    assert refused.code == "file.too_many_columns"
