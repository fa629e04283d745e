"""Lines as pharmacies, platforms and holders write them, each labelled with the medicine that it truly is.

The messes are those of real sources, drawn with fixed chances; nothing here looks at what the ladder does with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from random import Random

from tests.lib.labelled_register import Register, Registered

_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@dataclass(frozen=True, slots=True)
class Line:
    """What a sender writes of a medicine, before anybody has read it."""

    name: str | None
    specification: str | None
    maker: str | None
    holder: str | None = None
    approval_number: str | None = None
    standard_code: str | None = None
    nhsa_code: str | None = None
    barcode: str | None = None
    trace_prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line, what it is, and the traps that were planted in it."""

    line: Line
    #: id of the medicine; None: it is not in the register
    truth: int | None
    sender: str
    traps: tuple[str, ...]


#: how often each kind of sender fills each code
_SENDERS: dict[str, dict[str, float]] = {
    "pharmacy": {
        "approval_number": 0.92,
        "barcode": 0.85,
        "nhsa_code": 0.6,
        "standard_code": 0.2,
        "trace_prefix": 0.4,
    },
    "platform": {"approval_number": 0.9, "nhsa_code": 0.97, "standard_code": 0.1},
    "holder": {"approval_number": 1.0},
    "words_only": {},
}
_SHARES = {"pharmacy": 55, "platform": 28, "holder": 15, "words_only": 2}


def make_lines(register: Register, random: Random, count: int) -> list[Labelled]:
    """So many lines; each medicine has its turn before any has a second one."""
    medicines = list(register.medicines)
    senders = random.choices(list(_SHARES), list(_SHARES.values()), k=count)
    return [
        _line(register, medicines[place % len(medicines)], sender, random)
        for place, sender in enumerate(senders)
    ]


def _line(register: Register, medicine: Registered, sender: str, random: Random) -> Labelled:
    clean = _clean(medicine, sender, random)
    traps = [medicine.family] if medicine.family != "real" else []
    for trap, chance, spoil in _SPOILS:
        if random.random() < chance and (spoilt := spoil(register, medicine, clean, random)) is not None:
            clean, traps = spoilt, [*traps, trap]
    if not medicine.is_known:
        traps.append("not_registered")
    return Labelled(clean, medicine.id if medicine.is_known else None, sender, tuple(traps))


def _clean(medicine: Registered, sender: str, random: Random) -> Line:
    """The line without a mistake, as this kind of sender would write it."""
    codes = {
        "approval_number": medicine.number,
        "standard_code": medicine.standard_code,
        "nhsa_code": medicine.nhsa_code,
        "barcode": medicine.barcode,
        "trace_prefix": medicine.trace_prefix,
    }
    given = {kind: codes[kind] for kind, chance in _SENDERS[sender].items() if random.random() < chance}
    pack = "" if sender == "holder" else f"*{medicine.pack}{medicine.unit}"
    line = Line(medicine.name, f"{medicine.strength}{pack}", medicine.holder, None, **given)
    if sender == "holder":
        unnamed = random.random() < 0.3
        return replace(line, name=None if unnamed else line.name, maker=None, holder=medicine.holder)
    return line


def _full_width(_r: Register, _m: Registered, line: Line, _random: Random) -> Line:
    wide = {f.name: getattr(line, f.name) for f in fields(line)}
    return Line(**{k: v and v.translate(_FULL_WIDTH) for k, v in wide.items()})


def _ratio_mark(_r: Register, _m: Registered, line: Line, random: Random) -> Line | None:
    if line.specification is None or ":" not in line.specification:
        return None
    return replace(line, specification=line.specification.replace(":", random.choice("∶：")))


def _times(_r: Register, _m: Registered, line: Line, random: Random) -> Line | None:
    spec = line.specification
    return None if spec is None else replace(line, specification=spec.replace("*", random.choice("×xX✕")))


def _unit(_r: Register, _m: Registered, line: Line, random: Random) -> Line | None:
    """毫克 for mg, or 250mg for 0.25g."""
    spec = line.specification
    if spec is None:
        return None
    for gram, milligram in (("0.125g", "125mg"), ("0.25g", "250mg"), ("0.5g", "500mg"), ("0.1g", "100mg")):
        if spec.startswith(gram):
            return replace(line, specification=milligram + spec[len(gram) :])
    return replace(line, specification=spec.replace("mg", random.choice(("毫克", "㎎"))))


def _no_specification(_r: Register, _m: Registered, line: Line, random: Random) -> Line:
    return replace(line, specification=random.choice((None, "详见说明书", "1盒")))


def _no_unit(_r: Register, _m: Registered, line: Line, _random: Random) -> Line | None:
    """0.25*24 without a unit."""
    spec = line.specification
    return None if spec is None else replace(line, specification=spec.replace("mg", "").replace("g", ""))


def _short_name(_r: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    """The form left out, as chains do: 阿莫西林 for 阿莫西林胶囊."""
    if line.name is None:
        return None
    for form in ("注射液", "胶囊", "颗粒", "片"):
        if medicine.name.endswith(form) and len(medicine.name) > len(form) + 1:
            return replace(line, name=medicine.name.removesuffix(form))
    return None


def _trade_name(_r: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    return None if line.name is None else replace(line, name=medicine.trade_name)


def _renamed(register: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    """The name that the holder had before."""
    return _with_maker(line, register.former_names.get(medicine.holder))


def _transferred(_r: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    """Who held it before the transfer."""
    return _with_maker(line, medicine.former_holder)


def _abbreviated(_r: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    return _with_maker(line, medicine.holder.split("）")[0] + "）")


def _no_maker(_r: Register, _m: Registered, line: Line, _random: Random) -> Line:
    return replace(line, maker=None)


def _with_maker(line: Line, name: str | None) -> Line | None:
    if name is None:
        return None
    return replace(line, holder=name) if line.holder else replace(line, maker=name)


def _bare_number(_r: Register, _m: Registered, line: Line, _random: Random) -> Line | None:
    number = line.approval_number
    return replace(line, approval_number=f"批准文号：{number}") if number else None


def _lookalike(_r: Register, _m: Registered, line: Line, random: Random) -> Line | None:
    """O for 0 or I for 1 among the digits of the number."""
    number = line.approval_number
    if number is None:
        return None
    old, new = random.choice((("0", "O"), ("1", "I")))
    head, digits = number[:-8], number[-8:]
    return replace(line, approval_number=head + digits.replace(old, new, 1))


def _former_number(_r: Register, medicine: Registered, line: Line, _random: Random) -> Line | None:
    if line.approval_number is None or medicine.former_number is None:
        return None
    return replace(line, approval_number=medicine.former_number)


def _transposed(_r: Register, _m: Registered, line: Line, random: Random) -> Line | None:
    """Two neighbouring digits of the number change places."""
    number = line.approval_number
    if number is None:
        return None
    at = random.randrange(len(number) - 4, len(number) - 1)
    return replace(line, approval_number=f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}")


def _number_of_sibling(register: Register, medicine: Registered, line: Line, random: Random) -> Line | None:
    """The number of another medicine: one of the same family or name, as from the row above."""
    if line.approval_number is None:
        return None
    near = [each for each in _near(register, medicine) if each.id != medicine.id]
    return replace(line, approval_number=random.choice(near or register.medicines).number)


def _codes_of_sibling(register: Register, medicine: Registered, line: Line, random: Random) -> Line | None:
    """Insurance and bar code of another medicine of the same family or name."""
    near = [each for each in _near(register, medicine) if each.id != medicine.id]
    other = random.choice(near or register.medicines)
    return replace(
        line,
        nhsa_code=line.nhsa_code and other.nhsa_code,
        barcode=line.barcode and other.barcode,
        trace_prefix=line.trace_prefix and other.trace_prefix,
    )


def _scientific(_r: Register, _m: Registered, line: Line, _random: Random) -> Line | None:
    """Codes that went through a spreadsheet: 8.69026E+13."""
    if line.barcode is None and line.standard_code is None:
        return None
    return replace(
        line,
        barcode=line.barcode and f"{float(line.barcode):.5E}",
        standard_code=line.standard_code and f"{float(line.standard_code):.5E}",
    )


def _near(register: Register, medicine: Registered) -> tuple[Registered, ...]:
    if medicine.family == "real":
        return tuple(each for each in register.medicines if each.name == medicine.name)
    return tuple(each for each in register.medicines if each.family == medicine.family)


#: what goes wrong, and how often
_SPOILS = (
    ("unit", 0.10, _unit),
    ("no_unit", 0.01, _no_unit),
    ("no_specification", 0.03, _no_specification),
    ("short_name", 0.04, _short_name),
    ("trade_name", 0.01, _trade_name),
    ("no_maker", 0.05, _no_maker),
    ("abbreviated_maker", 0.03, _abbreviated),
    ("renamed_holder", 0.50, _renamed),
    ("transferred", 0.50, _transferred),
    ("labelled_number", 0.03, _bare_number),
    ("former_number", 0.50, _former_number),
    ("transposed_number", 0.005, _transposed),
    ("number_of_sibling", 0.01, _number_of_sibling),
    ("codes_of_sibling", 0.01, _codes_of_sibling),
    ("lookalike_number", 0.01, _lookalike),
    ("scientific", 0.02, _scientific),
    ("times_sign", 0.30, _times),
    ("ratio_mark", 0.30, _ratio_mark),
    ("full_width", 0.10, _full_width),
)


#: traps in which a line names another medicine by a code: they are there to be refused, not to be linked
WRONG_CODES = {"number_of_sibling", "codes_of_sibling", "transposed_number"}


def without_other_codes(line: Line, kept: str | None) -> Line:
    """The line with one of its codes only, or with none."""
    codes = ("approval_number", "standard_code", "nhsa_code", "barcode", "trace_prefix")
    return replace(line, **{code: None for code in codes if code != kept})


def lines_with(lines: list[Labelled], code: str) -> Iterator[Labelled]:
    """The lines that state a code, reduced to it."""
    for each in lines:
        if getattr(each.line, code):
            yield replace(each, line=without_other_codes(each.line, code))
