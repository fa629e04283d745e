"""A made register to measure the identity ladder by: real names and numbers, invented holders, alike families."""

import csv
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from connectors.sandbox.common import check_digit

#: a strength as the list of essential medicines writes it
_STRENGTH = re.compile(r"(?:[0-9.]+ml[:∶：])?[0-9.]+(?:mg|g|μg|万单位|单位|IU|%)(?![0-9a-z（(:∶：/])")
#: words of the list's forms → kind of name
_FORMS = {"片": "片", "胶囊": "胶囊", "颗粒": "颗粒", "注射液": "注射液", "注射用": "注射用"}
_UNITS = {"片": "片", "胶囊": "粒", "颗粒": "袋", "注射液": "支", "注射用": "瓶", "": "支"}
#: families of names that are easily taken for one another, with strengths that are easily taken for one another
FAMILIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "salts": (("注射用青霉素钠", "注射用青霉素钾"), ("0.5g", "1g")),
    "salts_chloride": (("氯化钠注射液", "葡萄糖氯化钠注射液", "氯化钾注射液"), ("10ml:1g", "250ml:2.25g")),
    "roman_numerals": (
        ("复方演示注射液(Ⅰ)", "复方演示注射液(Ⅱ)", "复方演示注射液"),
        ("250ml:12.5g", "500ml:25g"),
    ),
    "same_ratio": (("盐酸多巴胺注射液",), ("1ml:5mg", "2ml:10mg", "2ml:20mg")),
    "halves": (("阿莫西林胶囊",), ("0.5g", "0.25g", "0.125g")),
    "powder_or_liquid": (("注射用氨茶碱", "氨茶碱注射液", "氨茶碱片"), ("0.25g", "2ml:0.25g")),
    "substring": (("硝酸甘油片", "硝酸异山梨酯片", "单硝酸异山梨酯片"), ("0.5mg", "5mg")),
    "vitamins": (("维生素B1片", "维生素B12片", "维生素B6片", "维生素B2片"), ("5mg", "10mg")),
    "release": (("硝苯地平片", "硝苯地平缓释片", "硝苯地平控释片"), ("10mg", "30mg")),
    "children": (("对乙酰氨基酚片", "小儿对乙酰氨基酚片", "复方对乙酰氨基酚片"), ("0.1g", "0.5g")),
}


@dataclass(frozen=True, slots=True)
class Registered:
    """A medicine of the made register."""

    id: int
    number: str
    name: str
    strength: str
    pack: int
    unit: str
    holder: str
    trade_name: str
    #: whether registration has the trade name
    trade_name_is_registered: bool
    #: the name of the family it was planted with; `real` for those of the public registers
    family: str
    former_number: str | None
    #: who held the approval before it was transferred
    former_holder: str | None
    standard_code: str
    nhsa_code: str | None
    barcode: str
    trace_prefix: str
    #: in the register; others are sold, and their approval is unknown here
    is_known: bool


@dataclass(frozen=True, slots=True)
class Register:
    """All medicines, and the former name of each holder that was renamed."""

    medicines: tuple[Registered, ...]
    former_names: dict[str, str]


def make_register(data: Path, random: Random, real: int) -> Register:
    """`real` medicines of the public registers, and all families three times over."""
    holders = [f"演示制药（{c}{n}）{s}" for n, c in enumerate("甲乙丙丁戊己庚辛壬癸" * 6) for s in _SUFFIXES]
    rows = _real(data)
    random.shuffle(rows)
    codes = _nhsa_codes(data)
    strengths_of = _strengths(data)
    medicines = [
        _medicine(
            random,
            place,
            number,
            name,
            random.choice(strengths_of[kind_of(name)]),
            random.choice(holders),
            "real",
            codes,
        )
        for place, (number, name) in enumerate(rows[:real])
    ]
    for family, (names, strengths) in FAMILIES.items():
        for holder in random.sample(holders, 6):
            for name in names:
                for strength in strengths:
                    place = len(medicines)
                    number = f"国药准字H2005{place:04d}"
                    medicines.append(_medicine(random, place, number, name, strength, holder, family, codes))
    renamed = random.sample(holders, len(holders) // 8)
    return Register(
        tuple(_reuse_codes(random, medicines)),
        {holder: holder.replace("制药", "药业") for holder in renamed},
    )


_SUFFIXES = ("有限公司", "股份有限公司")


def kind_of(name: str) -> str:
    """What kind of medicine a name tells of: the key of `_UNITS`; empty for any other."""
    bare = name.split("(")[0]
    if bare.startswith("注射用"):
        return "注射用"
    return next((kind for kind in ("注射液", "胶囊", "颗粒", "片") if bare.endswith(kind)), "")


def _strengths(data: Path) -> dict[str, list[str]]:
    """Strengths by kind of name, each as often as the list of essential medicines has it; of any form for the rest."""
    found: dict[str, list[str]] = {"": []}
    with (data / "essential_medicines_2026.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for form, text in re.findall(r"([^\s：:0-9]+)：([^：]*)", row["forms_specs"] or ""):
                strengths = [each.replace("∶", ":") for each in _STRENGTH.findall(text.replace(" ", ""))]
                kind = next((kind for word, kind in _FORMS.items() if word in form), "")
                found.setdefault(kind, []).extend(strengths)
    return found


def _real(data: Path) -> list[tuple[str, str]]:
    """Approval numbers and names of the public registers."""
    rows = []
    for file, field in (
        ("nmpa_domestic_biological.jsonl", "zh"),
        ("nmpa_import_chemical.jsonl", "product_zh"),
    ):
        for line in (data / file).read_text("utf-8").splitlines():
            row = json.loads(line)
            rows.append((row["code"], row[field]))
    return [(number, name) for number, name in rows if name]


def _nhsa_codes(data: Path) -> dict[str, list[str]]:
    """Published insurance codes by generic name."""
    codes: dict[str, list[str]] = {}
    with (data / "nhsa_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes.setdefault(row["generic_name"], []).append(row["nhsa_code"])
    return codes


def _medicine(
    random: Random,
    place: int,
    number: str,
    name: str,
    strength: str,
    holder: str,
    family: str,
    codes: dict[str, list[str]],
) -> Registered:
    kind = kind_of(name)
    body, bar = f"869{place:010d}", f"69{place:010d}"
    known = codes.get(name) or []
    invented = f"XA{place % 90 + 10:02d}BBA{place % 900 + 100:03d}A001{place:09d}"
    return Registered(
        id=place + 1,
        number=number,
        name=name,
        strength=strength,
        pack=random.choice((1, 5, 6, 10, 12, 20, 24, 30, 48, 100)),
        unit=_UNITS[kind],
        holder=holder,
        trade_name=f"演示{chr(0x4E00 + place % 2000)}",
        trade_name_is_registered=place % 2 == 0,
        family=family,
        former_number=f"国药准字H1{place % 9:01d}02{place:04d}"[:13] if random.random() < 0.1 else None,
        former_holder=f"演示前任{place % 50}有限公司" if random.random() < 0.05 else None,
        standard_code=body + check_digit(body),
        nhsa_code=known.pop() if known else (invented if random.random() < 0.7 else None),
        barcode=bar + check_digit(bar),
        trace_prefix=f"8{place:06d}",
        is_known=random.random() < 0.9,
    )


def _reuse_codes(random: Random, medicines: list[Registered]) -> list[Registered]:
    """Two in a hundred have the bar code or trace prefix of another medicine as well."""
    return [_reused(random, each, medicines) for each in medicines]


def _reused(random: Random, medicine: Registered, medicines: list[Registered]) -> Registered:
    if random.random() >= 0.02:
        return medicine
    other = random.choice(medicines)
    return replace(medicine, barcode=other.barcode, trace_prefix=other.trace_prefix)
