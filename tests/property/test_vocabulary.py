"""Invariants of the vocabulary on any input."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.identifiers import (
    IdentifierError,
    check_ean13,
    check_nhsa_code,
    check_standard_code,
    check_uscc,
    parse_approval_number,
    split_standard_codes,
)
from schema.names import fold_text, name_key
from schema.quantities import parse_specification, strengths_agree
from schema.regions import code_range, complete_code, level_of
from schema.search import query_tokens, search_tokens
from schema.special_control import special_control_of

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CHINESE = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)
SPEC_PIECES = st.sampled_from(
    ["0.25", "10", "2", "g", "mg", "ml", "万单位", "IU", "%", "*", "×", "/", ":", "∶", "；", " ", "片", "支", "板",
     "盒", "每粒装", "每片", "重", "(以芬太尼计)", "(40万单位)", "(薄膜衣)", "铝塑", "x", ",", "0.5mg", "10ml", "24片"]
)  # fmt: skip
SPECIFICATION = st.lists(SPEC_PIECES, max_size=12).map("".join) | st.text(max_size=30)
APPROVAL = st.builds(
    "{}{}{:04d}{:04d}".format,
    st.just("国药准字"),
    st.sampled_from(["H", "Z", "S", "B", "T", "F", "J", "HC", "ZC", "SC", "HJ", "ZJ", "SJ"]),
    st.integers(0, 9999),
    st.integers(0, 9999),
)


def gtin(body: str) -> str:
    """The body with its check digit, computed the schoolbook way: from the left in pairs."""
    weights = [3 if (len(body) - place) % 2 else 1 for place in range(len(body))]
    return body + str((10 - sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 10) % 10)


@given(APPROVAL)
def test_approval_number_is_its_own_normal_form(text: str) -> None:
    """Parsing the canonical text gives the same number."""
    number = parse_approval_number(text)
    assert (number.text, parse_approval_number(number.text)) == (text, number)


@pytest.mark.parametrize(
    "read",
    [
        parse_approval_number,
        check_standard_code,
        split_standard_codes,
        check_ean13,
        check_nhsa_code,
        check_uscc,
        complete_code,
    ],
)
@given(
    text=st.text(max_size=30)
    | st.text(alphabet="国药准字HZSJBCOIl0123456789869XA./；、() +E", max_size=24)
    | st.text(alphabet=USCC_ALPHABET, min_size=18, max_size=18)
)
def test_only_identifier_errors(read: Callable[[str], object], text: str) -> None:
    """Whatever stands in a cell, a reader answers or raises IdentifierError with both hints."""
    try:
        read(text)
    except IdentifierError as error:
        hints = [error.code, error.hint_zh, error.hint_en]
    else:
        hints = []
    assert all(hints)


@given(st.from_regex(r"869[0-9]{10}", fullmatch=True), st.integers(3, 13), st.integers(1, 9))
def test_one_wrong_digit_fails_the_standard_code(body: str, place: int, shift: int) -> None:
    """A change of any one digit is noticed."""
    code = gtin(body)
    assert check_standard_code(code) == code
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(IdentifierError):
        check_standard_code(wrong)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_fails_the_bar_code(body: str, place: int, shift: int) -> None:
    """A change of any one digit is noticed."""
    code = gtin(body)
    assert check_ean13(code) == code
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(IdentifierError):
        check_ean13(wrong)


@given(st.text(alphabet=USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_fails_the_credit_code(body: str, place: int, shift: int) -> None:
    """Exactly one check character completes a body, and a change of any one character is noticed."""
    good = [body + last for last in USCC_ALPHABET if is_uscc(body + last)]
    assert len(good) == 1
    moved = USCC_ALPHABET[(USCC_ALPHABET.index(good[0][place]) + shift) % 31]
    assert not is_uscc(good[0][:place] + moved + good[0][place + 1 :])


def is_uscc(code: str) -> bool:
    """Whether the code passes its check."""
    try:
        return check_uscc(code) == code
    except IdentifierError:
        return False


@given(st.text(max_size=40) | SPECIFICATION)
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text and keys are fixed points."""
    assert fold_text(fold_text(text)) == fold_text(text)
    assert name_key(name_key(text)) == name_key(text)


@given(CHINESE, st.data())
def test_every_part_of_a_chinese_name_finds_it(name: str, data: st.DataObject) -> None:
    """Recall is complete: any substring of a Chinese name is a query that matches it."""
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    assert set(query_tokens(name[start:end])) <= set(search_tokens(name))


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_words_of_a_name_find_it(name: str, other: str) -> None:
    """Any text typed in full finds the medicine that bears it, in either place."""
    tokens = set(search_tokens(name, other))
    assert {*query_tokens(name), *query_tokens(other)} <= tokens


@given(SPECIFICATION)
def test_a_strength_is_its_own_normal_form(text: str) -> None:
    """Parsing the canonical text of a strength gives the strength, with nothing left over."""
    for strength in parse_specification(text).strengths:
        again = parse_specification(strength.text)
        assert (again.strengths, again.rest, again.pack_count) == ((strength,), "", None)


@given(SPECIFICATION)
def test_digits_never_vanish(text: str) -> None:
    """A text with a digit yields a strength, a pack or a rest: nothing is dropped in silence."""
    specification = parse_specification(text)
    if any(character in "0123456789" for character in fold_text(text)):
        assert specification.strengths or specification.pack_count or specification.rest


@given(SPECIFICATION, SPECIFICATION)
def test_agreement_is_symmetric(a: str, b: str) -> None:
    """It does not matter which side is asked first."""
    one, other = parse_specification(a), parse_specification(b)
    assert strengths_agree(one, other) is strengths_agree(other, one)


@given(st.text(max_size=30))
def test_special_control_never_fails(name: str) -> None:
    """Any text has a class or none, and its folded form has the same."""
    assert special_control_of(name) is special_control_of(fold_text(name))


PAIR = st.from_regex(r"[0-9][1-9]|[1-9]0", fullmatch=True)


@given(PAIR, PAIR, PAIR, PAIR)
def test_a_range_holds_its_subtree_and_no_sibling(province: str, city: str, county: str, other: str) -> None:
    """A code and its descendants lie in its range; a sibling and its descendants lie only in their own."""
    chain = [complete_code(province), complete_code(province + city), province + city + county]
    for depth, code in enumerate(chain):
        low, high = code_range(code)
        assert all(low <= below < high for below in chain[depth:])
        assert not any(low <= above < high for above in chain[:depth])
    if other != city:
        low, high = code_range(province + city)
        assert not low <= complete_code(province + other) < high
        assert not low <= province + other + county < high
    assert len({level_of(code) for code in chain}) == 3
