"""Codes: their normal form, their check digits, and what each error says."""

import pytest

from schema.identifiers import (
    ApprovalKind,
    ApprovalNumber,
    ApprovalOrigin,
    IdentifierError,
    check_ean13,
    check_mail_number,
    check_nhsa_code,
    check_standard_code,
    check_uscc,
    parse_approval_number,
    split_standard_codes,
)


def error_of(raw: str) -> str:
    """The slug with which an approval number is refused."""
    with pytest.raises(IdentifierError) as caught:
        parse_approval_number(raw)
    return caught.value.code


def test_domestic_number_is_taken_apart() -> None:
    """A number with year and serial gives all its parts."""
    assert parse_approval_number("国药准字H20057000") == ApprovalNumber(
        text="国药准字H20057000",
        prefix="国药准字",
        letters="H",
        digits="20057000",
        origin=ApprovalOrigin.DOMESTIC,
        kind=ApprovalKind.CHEMICAL,
        year=2005,
        province_code=None,
    )


@pytest.mark.parametrize(
    "raw",
    [
        "国药准字 H20057000",
        "国 药 准 字H2005 7000",
        "国药准字ｈ２００５７０００",
        "批准文号：国药准字H20057000",
        "批准文号(注册证编号)：国药准字H20057000",
        "【国药准字H20057000】",
        "（国药准字H20057000）。",
        "\ufeff国药准字H20057000\u200b",
    ],
)
def test_writing_habits_do_no_harm(raw: str) -> None:
    """Blanks, width, case, labels and brackets lead to one canonical text."""
    assert parse_approval_number(raw).text == "国药准字H20057000"


@pytest.mark.parametrize(
    ("raw", "text", "origin", "kind"),
    [
        ("国药准字Z44021234", "国药准字Z44021234", "domestic", "chinese_medicine"),
        ("国药准字S10950023", "国药准字S10950023", "domestic", "biological"),
        ("国药准字B20020123", "国药准字B20020123", "domestic", "former_health"),
        ("国药准字T20040001", "国药准字T20040001", "domestic", "in_vitro_diagnostic"),
        ("国药准字F20040001", "国药准字F20040001", "domestic", "excipient"),
        ("国药准字J20130001", "国药准字J20130001", "imported", "import_repack"),
        ("国药准字HJ20233150", "国药准字HJ20233150", "imported", "chemical"),
        ("HJ20233150", "国药准字HJ20233150", "imported", "chemical"),
        ("国药准字SJ20200001", "国药准字SJ20200001", "imported", "biological"),
        ("国药准字ZC20210001", "国药准字ZC20210001", "hong_kong_macau_taiwan", "chinese_medicine"),
        ("H20140210", "H20140210", "imported", "chemical"),
        ("HC20181010", "HC20181010", "hong_kong_macau_taiwan", "chemical"),
        ("BH20020623", "BH20020623", "imported", "chemical"),
        ("BHC20100001", "BHC20100001", "hong_kong_macau_taiwan", "chemical"),
    ],
)
def test_every_shape_in_use(raw: str, text: str, origin: str, kind: str) -> None:
    """Old and new, domestic and foreign numbers are told apart by their letters."""
    number = parse_approval_number(raw)
    assert (number.text, number.origin, number.kind) == (text, origin, kind)


@pytest.mark.parametrize(
    ("raw", "year", "province"),
    [
        ("国药准字S19980081", 1998, None),
        ("国药准字S10950023", 1995, None),
        ("国药准字Z44021234", 2002, "44"),
        ("国药准字H99021234", None, None),
        ("H20140210", 2014, None),
    ],
)
def test_year_and_province_where_the_digits_say(raw: str, year: int | None, province: str | None) -> None:
    """An unknown beginning of the digits gives None, never an error."""
    number = parse_approval_number(raw)
    assert (number.year, number.province_code) == (year, province)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "approval_number.empty"),
        ("批准文号：", "approval_number.empty"),
        ("2.0057E+07", "approval_number.scientific"),
        ("H10940250/H10940251", "approval_number.several"),
        ("H10940250/51", "approval_number.several"),
        ("国药准字H20057000；国药准字H20057001", "approval_number.several"),
        ("国药准字H20057000、国药准字H20057001", "approval_number.several"),
        ("国药准字H20057000 国药准字H20057001", "approval_number.several"),
        ("国药准字H20057000(原国药准字H10940250)", "approval_number.several"),
        ("国药准字H2O057000", "approval_number.lookalike"),
        ("国药准字HO5057000", "approval_number.lookalike"),
        ("国药准字H2005700l", "approval_number.lookalike"),
        ("国药准字H2005700I", "approval_number.lookalike"),
        ("国药准字H2005700", "approval_number.digits"),
        ("国药准字H200570001", "approval_number.digits"),
        ("国药准字Q20057000", "approval_number.letters"),
        ("国药准字20057000", "approval_number.letters"),
        ("国药准字BH20057000", "approval_number.letters"),
        ("卫药准字H20057000", "approval_number.prefix"),
        ("H10940250", "approval_number.prefix_missing"),
        ("B20020123", "approval_number.prefix_missing"),
        ("阿司匹林片", "approval_number.prefix"),
        ("ASPIRIN", "approval_number.shape"),
    ],
)
def test_each_fault_has_its_own_code(raw: str, code: str) -> None:
    """What is wrong can be told from the slug."""
    assert error_of(raw) == code


def test_the_digit_hint_counts() -> None:
    """The hint names what was expected and what was found, Chinese first."""
    with pytest.raises(IdentifierError) as caught:
        parse_approval_number("国药准字H2005700")
    assert caught.value.hint_zh == "应为 8 位数字，这里是 7 位。"
    assert str(caught.value) == "应为 8 位数字，这里是 7 位。 Expected 8 digits, found 7."


def test_the_lookalike_hint_names_the_character() -> None:
    """A letter among the digits is pointed at, not replaced."""
    with pytest.raises(IdentifierError, match=r"第 2 位是“O”.*可能是“0”之误"):
        parse_approval_number("国药准字H2O057000")


@pytest.mark.parametrize("raw", ["86902551000259", " ８６９０２５５１０００２５９ ", "8690 2551 0002 59"])
def test_standard_code_is_normalised(raw: str) -> None:
    """A published code passes its check whatever its width and blanks."""
    assert check_standard_code(raw) == "86902551000259"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "standard_code.empty"),
        ("8.69026E+13", "standard_code.scientific"),
        ("8690255100025", "standard_code.digits"),
        ("86902551000258", "standard_code.check"),
        ("8690255100O259", "standard_code.lookalike"),
        ("8690255100-259", "standard_code.character"),
        ("16902551000259", "standard_code.start"),
    ],
)
def test_standard_code_faults(raw: str, code: str) -> None:
    """Excel's damage, a typing error and a wrong code are different faults."""
    with pytest.raises(IdentifierError) as caught:
        check_standard_code(raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "raw",
    [
        "86902551000259；86901110000020",
        "86902551000259;86901110000020;",
        "86902551000259、86901110000020",
        "86902551000259 86901110000020",
        "86902551000259[每片装0.5g];86901110000020[每片装0.25g]",
        "86902551000259（0.5g；10片），86901110000020，86902551000259",
    ],
)
def test_a_cell_of_standard_codes_is_split(raw: str) -> None:
    """Separators and notes in brackets go; the codes stay in order, each once."""
    assert split_standard_codes(raw) == ("86902551000259", "86901110000020")


def test_one_bad_code_spoils_the_cell() -> None:
    """What comes out of a split has passed its check."""
    with pytest.raises(IdentifierError, match="校验位不符"):
        split_standard_codes("86902551000259;86901110000021")


def test_ean13_check_digit() -> None:
    """A bar code passes with its check digit and not without."""
    assert check_ean13("6901234567892") == "6901234567892"
    with pytest.raises(IdentifierError, match="应为 2，这里是 3"):
        check_ean13("6901234567893")


def test_nhsa_codes_of_both_kinds() -> None:
    """Western codes have 23 characters, Chinese patent medicine codes 20."""
    assert check_nhsa_code("xl02bba326a001010102180") == "XL02BBA326A001010102180"
    assert check_nhsa_code("ZA01AAX0558010100960") == "ZA01AAX0558010100960"


@pytest.mark.parametrize(
    ("raw", "code", "hint"),
    [
        ("XL02BBA326A00101010218", "nhsa_code.length", "应为 23 个字符，这里是 22 个。"),
        ("YL02BBA326A001010102180", "nhsa_code.start", "这里是“Y”"),
        ("XL02BBA326A00101O102180", "nhsa_code.character", "第 17 个字符“O”不对，应为数字"),
        ("", "nhsa_code.empty", "空"),
    ],
)
def test_nhsa_code_faults(raw: str, code: str, hint: str) -> None:
    """The hint points at the first character out of place."""
    with pytest.raises(IdentifierError, match=hint) as caught:
        check_nhsa_code(raw)
    assert caught.value.code == code


@pytest.mark.parametrize("code", ["91110000600037341L", "91440300708461136T", "91330100799655058B"])
def test_uscc_of_real_organisations(code: str) -> None:
    """Published codes of companies pass, in lower case too."""
    assert check_uscc(code.lower()) == code


def test_uscc_remainder_zero_gives_check_zero() -> None:
    """31 minus remainder 0 is written 0; some implementations look up a 32nd character instead."""
    assert check_uscc("911100000000000250") == "911100000000000250"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("91110000600037341A", "uscc.check"),
        ("9111000060003734IL", "uscc.character"),
        ("91110000600037341", "uscc.length"),
        ("9.1110000600037E+17", "uscc.scientific"),
    ],
)
def test_uscc_faults(raw: str, code: str) -> None:
    """I, O, S, V and Z do not occur; the last character is a check."""
    with pytest.raises(IdentifierError) as caught:
        check_uscc(raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # the standard's own kind of example, and one whose remainder gives no digit of its own
        ("RA473124829DK", "RA473124829DK"),
        (" ra 473 124 829 dk ", "RA473124829DK"),
        ("ＲＡ４７３１２４８２９ＤＫ", "RA473124829DK"),
        ("1234567890123", "1234567890123"),
        ("12345-67890123", "1234567890123"),
    ],
)
def test_a_mail_number_is_s10_or_domestic(raw: str, expected: str) -> None:
    """Widths, blanks and case are no difference; 13 digits have no check digit."""
    assert check_mail_number(raw) == expected


@pytest.mark.parametrize("digits", ["00000006", "00000011", "00000001", "99999999", "12345678"])
def test_every_serial_has_one_check_digit(digits: str) -> None:
    """Remainders 0 and 1 stand for 5 and 0."""
    right = [last for last in "0123456789" if _is_mail_number(f"EA{digits}{last}CN")]
    assert len(right) == 1


def _is_mail_number(raw: str) -> bool:
    try:
        check_mail_number(raw)
    except IdentifierError:
        return False
    return True


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("RA473124828DK", "mail_number.check"),
        ("RA47312482ODK", "mail_number.lookalike"),
        ("RA4731248X9DK", "mail_number.shape"),
        ("473124829RADK", "mail_number.shape"),
        ("RA473124829D", "mail_number.length"),
        ("1.23E+12", "mail_number.scientific"),
        (" ", "mail_number.empty"),
    ],
)
def test_a_wrong_mail_number_says_how(raw: str, code: str) -> None:
    """Nothing is put right on anybody's behalf."""
    with pytest.raises(IdentifierError) as caught:
        check_mail_number(raw)
    assert caught.value.code == code
