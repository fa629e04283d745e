"""Cells of the register: several numbers, makers and addresses; divisions of addresses; names of organisations."""

from itertools import permutations

import pytest

from connectors.registration.sites import sites_of
from hub.ingest.organizations import NAME_CHANGE, REGISTER, REPORT, Mention, work_out
from schema.addresses import division_of
from schema.identifiers import IdentifierError, former_numbers, split_approval_numbers
from schema.organizations import is_no_organization, organization_key, split_organizations
from schema.substances import stated_approvals, substance_key

DIVISIONS = {
    "000000": [("湖南省", "430000"), ("天津市", "120000")],
    "430000": [("长沙市", "430100"), ("湘西土家族苗族自治州", "433100")],
    "430100": [("芙蓉区", "430102")],
    "433100": [("凤凰县", "433123")],
    "120000": [("和平区", "120101")],
}


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("国药准字H10940250/H10940251", ["国药准字H10940250", "国药准字H10940251"]),
        ("国药准字H10940250；国药准字H10940250", ["国药准字H10940250"]),
        ("H20171323、H20171324", ["H20171323", "H20171324"]),
    ],
)
def test_a_cell_of_several_numbers_is_cut(cell: str, numbers: list[str]) -> None:
    """The words before the first hold for all."""
    assert numbers == [number.text for number in split_approval_numbers(cell)]


@pytest.mark.parametrize(
    "cell", ["国药准字H10940250/H1094025", "H10940250/H10940251", "国药准字H10940250H10940251"]
)
def test_a_cell_with_one_bad_number_is_none(cell: str) -> None:
    """None of it is believed."""
    with pytest.raises(IdentifierError):
        split_approval_numbers(cell)


def test_older_former_numbers_stand_as_written() -> None:
    """They have no shape of their own."""
    assert ("卫药准字(1995)X-01号",) == former_numbers(" 卫药准字（1995）X-01号")


@pytest.mark.parametrize(
    ("names", "addresses", "pairs", "told"),
    [
        ("甲公司", "一路", [("甲公司", "一路")], None),
        ("甲公司", "一路；二路", [("甲公司", "一路"), ("甲公司", "二路")], None),
        ("甲公司；乙公司", "一路；二路", [("甲公司", "一路"), ("乙公司", "二路")], None),
        ("甲公司；乙公司", "一路", [("甲公司", None), ("乙公司", None)], "cell.sites_unpaired"),
        ("甲公司", None, [("甲公司", None)], None),
        ("片剂（薄膜衣）", "一路", [], "cell.no_organization"),
        ("0.25g*24粒", "一路", [], "cell.no_organization"),
        (None, "一路", [], None),
    ],
)
def test_makers_and_addresses_are_paired_only_surely(
    names: str | None, addresses: str | None, pairs: list[tuple[str, str | None]], told: str | None
) -> None:
    """In their order, or all of one maker; else without addresses."""
    found, error = sites_of(names, addresses)
    assert (tuple(pairs), told) == (found, error and error.code)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("湖南省长沙市芙蓉区演示路1号", "430102"),
        ("湖南省 长沙市 演示工业园", "430100"),
        ("湖南省凤凰县演示路", "433123"),
        ("天津市和平区", "120101"),
        ("中国湖南省演示路", "430000"),
        ("长沙市芙蓉区", None),
        ("湖南长沙", None),
        ("Basel, Switzerland", None),
        ("", None),
    ],
)
def test_a_division_is_what_the_address_says(address: str, code: str | None) -> None:
    """Full names from the province down; short ones are not guessed."""
    assert code == division_of(address, DIVISIONS)


@pytest.mark.parametrize(
    ("medicine", "substance"),
    [
        ("注射用硝普钠", "硝普钠"),
        ("硝苯地平控释片", "硝苯地平"),
        ("盐酸二甲双胍缓释片", "盐酸二甲双胍"),
        ("维生素C泡腾片", "维生素c"),
        ("片", None),
        ("人血白蛋白", None),
    ],
)
def test_only_the_form_is_taken_off_a_name(medicine: str, substance: str | None) -> None:
    """The salt stays."""
    assert substance == substance_key(medicine)


def test_stated_approvals_pass_over_what_is_none() -> None:
    """A free text: what is no number says nothing."""
    assert {"国药准字H44029001", "H20171323"} == stated_approvals(
        "国药准字H44029001；H20171323、无, 国药准字H1"
    )


def test_spellings_of_one_name_have_one_key() -> None:
    """Width, brackets and 集团's brackets do not count; another place does."""
    alike = {
        "演示（集团）股份有限公司",
        "演示(集团)股份有限公司",
        "演示集团股份有限公司",
        "演示 （集团） 股份有限公司",
    }
    assert 1 == len({organization_key(name) for name in alike})
    assert organization_key("演示制药（上海）有限公司") != organization_key("演示制药（北京）有限公司")
    assert ("甲公司", "Novo, Inc.") == split_organizations("甲公司；Novo, Inc.； 甲公司 ;")


def test_what_is_no_organisation() -> None:
    """A form or a strength alone; a company may make tablets."""
    assert is_no_organization("胶囊剂")
    assert is_no_organization("注射用无菌粉末")
    assert not is_no_organization("演示胶囊有限公司")
    assert not is_no_organization("Bayer AG")
    assert not is_no_organization("Pfizer")


def test_mentions_in_any_order_come_to_the_same_end() -> None:
    """All orders of five mentions."""
    mentions = [
        Mention("甲（集团）公司", REGISTER),
        Mention("甲集团公司", REPORT, "A"),
        Mention("乙公司", NAME_CHANGE, "A"),
        Mention("乙公司", REPORT, "B"),
        Mention("丙公司", REGISTER),
    ]
    ends = [work_out(order) for order in permutations(mentions)]
    assert all(end == ends[0] for end in ends)
    assert {"identified", "conflict", "uncoded"} == {name[3] for name in ends[0].names}
