"""Payment standards and agreement periods as the insurance list prints them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.cells import CellError
from connectors.insurance_list.payment import PaymentState, payment_state, period, prices


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("63.00元(10mg/支)", [("63.00", "10mg/支", "10mg", "支", None)]),
        (
            "13.60元(1ml :12.5mg/支)；66.82元(5ml:100mg/支)",
            [("13.60", "1ml:12.5mg/支", "1ml:12.5mg", "支", None), ("66.82", "5ml:100mg/支", "5ml:100mg", "支", None)],
        ),
        (
            "5.68元(10mg/片(按C22H25FN2O4S计))",
            [("5.68", "10mg/片(按C22H25FN2O4S计)", "10mg(以c22h25fn2o4s计)", "片", None)],
        ),
        ("275元(5mg/片)", [("275", "5mg/片", "5mg", "片", None)]),
        (
            "36. 19元(120ml:120mg/瓶);61.52元(240ml:240mg/瓶)",
            [
                ("36.19", "120ml:120mg/瓶", "120ml:120mg", "瓶", None),
                ("61.52", "240ml:240mg/瓶", "240ml:240mg", "瓶", None),
            ],
        ),
        (
            "90.00元(625ml/袋[脂肪乳125ml；  氨基酸250ml])",
            [("90.00", "625ml/袋[脂肪乳125ml；氨基酸250ml]", None, "袋", None)],
        ),
        ("31.03元(0. 1ml/支 预灌封注射器）", [("31.03", "0.1ml/支预灌封注射器", None, None, None)]),
        (
            "113.53元(60mg/粒)(协议有效期内免费提供同疗程的索磷布韦片)",
            [("113.53", "60mg/粒", "60mg", "粒", "协议有效期内免费提供同疗程的索磷布韦片")],
        ),
        (
            "479.00元/盒(先诺特韦片0.375g,每盒30片)",
            [("479.00", "/盒(先诺特韦片0.375g,每盒30片)", None, "盒", None)],
        ),
        ("275元", [("275", None, None, None, None)]),
    ],
)  # fmt: skip
def test_prices_and_what_they_are_for(cell: str, expected: list[tuple[str | None, ...]]) -> None:
    """Yuan, the text in brackets, and as much of it as is understood."""
    assert PaymentState.PRICED is payment_state(cell)
    assert [(Decimal(str(price)), *rest) for price, *rest in expected] == [
        (price.price_yuan, price.per_text, price.strength, price.unit, price.note) for price in prices(cell)
    ]


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("*", PaymentState.CONFIDENTIAL),
        ("＊", PaymentState.CONFIDENTIAL),
        ("见备注2(每粒胶囊含碘[131I]的放射性活度为37-3700MBq)", PaymentState.ELSEWHERE),
    ],
)
def test_where_no_price_is_published_there_is_no_number(cell: str, state: PaymentState) -> None:
    """Confidential is neither missing nor zero; stated elsewhere is neither."""
    assert state is payment_state(cell)
    assert [] == prices(cell)


@pytest.mark.parametrize(
    "cell", ["面议", "元(10mg)", "63.00(10mg/支)", "1.00元(10mg/支", "1元(a)b", "1元(a)(b)(c)", "**"]
)
def test_what_is_no_price_is_a_fault(cell: str) -> None:
    """And gives no price, so that its row is told of once."""
    with pytest.raises(CellError, match=r"\*"):
        payment_state(cell)
    assert [] == prices(cell)


def test_a_period_has_both_ends() -> None:
    """As the list writes it, with and without blanks."""
    expected = (date(2025, 1, 1), date(2026, 12, 31))
    assert [expected] * 3 == [
        period(raw)
        for raw in (
            "2025年1月1日至2026年12月31日",
            "2025年1月1日 至 2026年12月31日",
            "2025-01-01至2026-12-31",
        )
    ]


@pytest.mark.parametrize(
    "raw", ["2025年1月1日", "2026年12月31日至2025年1月1日", "长期", "2025年2月30日至2026年1月1日"]
)
def test_what_is_no_period_is_a_fault(raw: str) -> None:
    """One day only, the wrong way round, a day that does not exist."""
    with pytest.raises(CellError):
        period(raw)


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=99999, places=2),
            st.sampled_from(["10mg/支", "1ml:12.5mg/支", "0.4g(相当于饮片1.4g)/片", "625ml/袋[a；b]"]),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[1],
    ),
    st.sampled_from(["；", ";", "；  "]),
)
def test_every_price_of_a_cell_is_read(stated: list[tuple[Decimal, str]], mark: str) -> None:
    """Any number of prices, parted by either semicolon; those in brackets part nothing."""
    cell = mark.join(f"{price}元({per})" for price, per in stated)
    assert stated == [(price.price_yuan, price.per_text) for price in prices(cell)]


@given(st.text(alphabet="0123456789.元*()[]（）；;mg/支 见备注", max_size=40))
def test_no_text_breaks_it(cell: str) -> None:
    """A state or a CellError, never another error."""
    try:
        state = payment_state(cell)
    except CellError:
        return
    assert bool(prices(cell)) == (state is PaymentState.PRICED)
