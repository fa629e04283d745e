"""What rows of several entities are grouped by: divisions by level, dates by the calendar, the medicine behind them."""

from schema.declare import Dimension, Label, Part

_LEVELS = (
    ("province", Label("省级", "Province"), Part.PROVINCE),
    ("city", Label("地级", "City"), Part.CITY),
    ("county", Label("县级", "County"), Part.COUNTY),
)
_CALENDAR = (
    ("year", Label("年", "year"), Part.YEAR),
    ("quarter", Label("季", "quarter"), Part.QUARTER),
    ("month", Label("月", "month"), Part.MONTH),
    ("day", Label("日", "day"), Part.DAY),
)


def by(name: str, zh: str, en: str, column: str, *path: str) -> Dimension:
    """By a column as it is, of this entity or of the one that the path of relations leads to."""
    return Dimension(name, Label(zh, en), column, Part.WHOLE, path)


def by_region(*path: str, column: str = "region_code") -> tuple[Dimension, ...]:
    """By the province, the city and the county that a division code lies in."""
    return tuple(Dimension(name, label, column, part, path) for name, label, part in _LEVELS)


def by_date(name: str, zh: str, en: str, column: str) -> tuple[Dimension, ...]:
    """By the year, the quarter, the month and the day of a date or an instant: `name_year` and so on."""
    return tuple(
        Dimension(
            f"{name}_{suffix}", Label(f"{zh}（{part_label.zh}）", f"{en}, {part_label.en}"), column, part
        )
        for suffix, part_label, part in _CALENDAR
    )


def by_medicine(*path: str) -> tuple[Dimension, ...]:
    """By the registered medicine at the end of the path, its concept, its form and its kind."""
    return (
        by("medicine", "药品标识", "Medicine, by identifier", "id", *path),
        by("medicine_name", "药品名称", "Name of the medicine", "name_zh", *path),
        by("concept", "药品概念标识", "Concept, by identifier", "concept_id", *path),
        by("medicine_form", "药品剂型", "Form of the medicine", "dosage_form", *path),
        by("medicine_kind", "药品类别", "Kind of medicine", "approval_kind_code", *path),
        by("medicine_origin", "境内外来源", "Origin of the medicine", "approval_origin_code", *path),
        by("medicine_holder", "药品持有人", "Holder of the medicine", "holder_name", *path),
        by("on_shortage_list", "是否短缺清单药品", "On the shortage list", "on_shortage_list", *path),
    )


def by_match(*path: str) -> tuple[Dimension, ...]:
    """By how an item was recognised."""
    return (
        by("match_state", "对应状态", "Match status", "match_code", *path),
        by("match_method", "对应方法", "Match method", "match_method_code", *path),
    )
