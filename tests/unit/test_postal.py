"""Words of the post, instants, and places in words."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.cells import CellError, instant
from connectors.postal.places import _region_of
from schema.postal import MailStatus, ServiceMode, hours_of, mail_status_of, service_mode_of, visits_per_week


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每日1班", Decimal(7)),
        ("每周3次", Decimal(3)),
        ("每周三次", Decimal(3)),
        ("周2班", Decimal(2)),
        ("逢集日", None),
        ("每月1次", None),
    ],
)
def test_frequencies_become_visits_a_week(text: str, expected: Decimal | None) -> None:
    """Or stay words."""
    assert visits_per_week(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("48小时", 48), ("2天", 48), ("T+2", 48), ("24", 24), ("三日内", 72), ("尽快", None)],
)
def test_limits_become_hours(text: str, expected: int | None) -> None:
    """Or stay words."""
    assert hours_of(text) == expected


def test_words_are_known_or_not_guessed() -> None:
    """Whole words only."""
    assert mail_status_of("已签收") is MailStatus.DELIVERED
    assert mail_status_of("未签收") is None
    assert service_mode_of("自提") is ServiceMode.PICK_UP
    assert service_mode_of("空投") is None


@pytest.mark.parametrize(
    "raw",
    [
        *("2026-11-20 08:30", "2026/11/20 8:30:00", "20261120083000", "2026年11月20日 08时30分"),
        *(
            "2026-11-20T08:30:00",
            "2026-11-20T00:30:00Z",
            "2026-11-20T08:30:00+08:00",
            "２０２６-11-20 08：30",
        ),
    ],
)
def test_instants_are_in_china_unless_they_say_otherwise(raw: str) -> None:
    """All of these are one and the same."""
    assert instant(raw.replace("：", ":")) == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["2026-13-20 08:30", "2026-11-20 25:30", "2026112008", "昨天", ""])
def test_what_is_no_instant_is_a_fault(raw: str) -> None:
    """Nor is a day with its hour run together, which can be read in two ways."""
    with pytest.raises(CellError):
        instant(raw)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("广东省", "广州市", "天河区"), "440106"),
        (("广东省", "", "天河区"), "440106"),
        (("北京市", "市辖区", "大兴区"), "110115"),
        (("北京市", "北京市", "大兴区"), "110115"),
        (("广东省", "东莞市", ""), "441900"),
        (("广东省", "深圳市", "天河区"), None),
        (("广东省", "", ""), None),
        (("", "", "天河区"), None),
        (("", "广州市", "天河区"), "440106"),
    ],
)
def test_places_in_words_name_one_division_or_none(names: tuple[str, str, str], expected: str | None) -> None:
    """A level may be left out where the others are enough; a county alone is not."""
    assert _region_of(*names) == expected
