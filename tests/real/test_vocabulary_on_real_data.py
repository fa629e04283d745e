"""The vocabulary on published data: registrations, insurance codes, and catalogue specifications."""

import csv
import json
import re
from pathlib import Path

import pytest

from schema.identifiers import check_nhsa_code, parse_approval_number
from schema.quantities import parse_specification
from schema.search import query_tokens, search_tokens
from schema.special_control import SpecialControl, special_control_of
from tests.lib.shared_data import shared_file


def registrations(name: str) -> list[dict[str, str]]:
    """Rows of one NMPA register."""
    lines = shared_file(name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def table(name: str) -> list[dict[str, str]]:
    """Rows of one shared CSV file."""
    with Path(shared_file(name)).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_approval_number_parses_to_itself() -> None:
    """All 4,590 published numbers are canonical and distinct."""
    files = ("nmpa_domestic_biological.jsonl", "nmpa_import_chemical.jsonl")
    codes = [row["code"] for name in files for row in registrations(name)]
    parsed = [parse_approval_number(code) for code in codes]
    assert [number.text for number in parsed] == codes
    assert len(set(parsed)) == len(codes) == 4590


def test_every_approval_number_has_a_year() -> None:
    """The year inside the number is readable and plausible in the whole register."""
    files = ("nmpa_domestic_biological.jsonl", "nmpa_import_chemical.jsonl")
    years = [parse_approval_number(row["code"]).year for name in files for row in registrations(name)]
    assert {year for year in years if year is None or not 1980 <= year <= 2026} == set()


def test_every_nhsa_code_passes() -> None:
    """All published insurance codes have the stated structure."""
    codes = [row["nhsa_code"] for row in table("nhsa_codes.csv")]
    assert [check_nhsa_code(code) for code in codes] == codes


@pytest.mark.parametrize(
    ("file", "column", "share"),
    [("essential_medicines_2026.csv", "forms_specs", 0.75), ("nrdl_2024.csv", "payment_standard", 0.7)],
)
def test_catalogue_specifications_are_mostly_understood(file: str, column: str, share: float) -> None:
    """Catalogue text never crashes the reader, and most of it yields a strength."""
    texts = [text for row in table(file) for text in specifications(row[column])]
    understood = [text for text in texts if parse_specification(text).strengths]
    assert len(understood) / len(texts) >= share


def specifications(cell: str) -> list[str]:
    """The specification texts of a catalogue cell: prices in front of them are cut off."""
    priced = re.findall(r"元\((.*?)\)(?:；|$)", cell)
    return priced or ([cell] if cell and "元" not in cell and cell != "*" else [])


def test_every_registered_name_finds_itself() -> None:
    """Each of the published Chinese names, typed in full, finds the medicine."""
    names = {row["zh"] for row in registrations("nmpa_domestic_biological.jsonl")}
    lost = [name for name in sorted(names) if not set(query_tokens(name)) <= set(search_tokens(name))]
    assert lost == []


def test_essential_medicines_under_special_control() -> None:
    """The narcotics and psychotropics of the essential list are caught, common medicines are not."""
    controls = {
        row["name_zh"]: special_control_of(row["name_zh"]) for row in table("essential_medicines_2026.csv")
    }
    assert controls["吗啡"] is SpecialControl.NARCOTIC
    assert controls["氯胺酮"] is SpecialControl.PSYCHOTROPIC_1
    assert controls["地西泮"] is SpecialControl.PSYCHOTROPIC_2
    assert [name for name in ("阿司匹林", "阿托品", "纳洛酮", "肾上腺素", "硝普钠") if controls[name]] == []


def test_iodine_125_kits_are_radioactive() -> None:
    """Every registered kit with an isotope bracket is caught."""
    names = [row["zh"] for row in registrations("nmpa_domestic_biological.jsonl") if "[125I]" in row["zh"]]
    assert {special_control_of(name) for name in names} == {SpecialControl.RADIOACTIVE}
