"""The identity ladder: which medicine an item is, and that no slip of the pen makes it another."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.ingest.identity import Candidate, Known, MatchState, Words
from hub.ingest.ladder import match_words
from hub.ingest.witness import Name, compare_names
from schema.names import medicine_key, name_key

A, B = "演示制药（甲）有限公司", "演示药业（乙）股份有限公司"
SODIUM = Candidate(1, "国药准字H20059001", "注射用硝普钠", "50mg", A, A)
OTHER_MAKER = Candidate(2, "国药准字H20059002", "注射用硝普钠", "50mg", B, B)
SAME_HOLDER = Candidate(3, "国药准字H20059003", "地高辛注射液", "2ml:50mg", A, B)
FAR = Candidate(4, "国药准字H20059004", "地高辛片", "0.25mg", A, A)


def known(*candidates: Candidate) -> Known:
    """What registration knows, by every key."""
    organisations = {key for each in candidates for key in each.organisations}
    return Known(
        by_approval_number={each.approval_number: [each] for each in candidates},
        by_name=grouped(candidates),
        by_organisation={
            key: [each for each in candidates if key in each.organisations] for key in organisations
        },
        organisations=frozenset(organisations),
    )


def grouped(candidates: tuple[Candidate, ...]) -> dict[str, list[Candidate]]:
    """Medicines by the key of their name."""
    keys = {medicine_key(each.name_zh) for each in candidates}
    return {key: [each for each in candidates if medicine_key(each.name_zh) == key] for key in keys}


def item(name: str | None, holder: str | None, spec: str | None = "50mg", of: Candidate = SODIUM) -> Words:
    """An item under the number of a medicine."""
    return Words(name, spec, of.approval_number, None, holder)


def test_number_name_and_holder_link() -> None:
    """The holder may be written with other brackets, or be the maker."""
    for holder in (A, A.replace("（", "(").replace("）", ")")):
        match = match_words(item("注射用硝普钠", holder), known(SODIUM, OTHER_MAKER))
        assert (MatchState.LINKED, 1, Decimal("0.98")) == (match.state, match.product_id, match.score)
    assert MatchState.LINKED == match_words(item(None, B, "2ml:50mg", SAME_HOLDER), known(SAME_HOLDER)).state


def test_the_same_medicine_of_another_holder_is_not_linked() -> None:
    """Name and strength agree; only the holder tells that the number is the wrong one."""
    match = match_words(item("注射用硝普钠", A, of=OTHER_MAKER), known(SODIUM, OTHER_MAKER))
    assert (MatchState.WAITING, None) == (match.state, match.product_id)
    assert f"{A} ≠ {B}" in match.evidence


def test_without_a_name_number_holder_and_strength_link() -> None:
    """With a lower score than with the name."""
    match = match_words(item(None, A), known(SODIUM, OTHER_MAKER, FAR))
    assert (MatchState.LINKED, "approval_number_holder", Decimal("0.95")) == (
        match.state,
        match.method,
        match.score,
    )


def test_without_a_name_a_holder_with_two_such_medicines_waits() -> None:
    """50mg and 2ml:50mg could be written alike; the evidence names the other one."""
    match = match_words(item(None, A), known(SODIUM, SAME_HOLDER))
    assert MatchState.WAITING == match.state
    assert SAME_HOLDER.approval_number in match.evidence


@pytest.mark.parametrize(
    ("holder", "spec", "state"),
    [
        (None, "50mg", MatchState.WAITING),
        (B, "50mg", MatchState.WAITING),
        (A, None, MatchState.WAITING),
        (A, "如说明书", MatchState.WAITING),
        (A, "25mg", MatchState.CONFLICT),
    ],
)
def test_without_a_name_every_other_word_has_to_agree(
    holder: str | None, spec: str | None, state: MatchState
) -> None:
    """No holder, another holder, no strength, an unreadable one: it waits. Another strength: a conflict."""
    assert state == match_words(item(None, holder, spec), known(SODIUM)).state


def test_a_medicine_of_which_no_holder_is_known_is_not_linked_without_a_name() -> None:
    """With a name the holder's silence does no harm."""
    silent = Candidate(1, SODIUM.approval_number, SODIUM.name_zh, SODIUM.specification)
    assert MatchState.WAITING == match_words(item(None, A), known(silent)).state
    assert MatchState.LINKED == match_words(item("注射用硝普钠", A), known(silent)).state


STRENGTHS = st.sampled_from(
    ["10mg", "0.01g", "2ml:10mg", "20mg", "1ml:20mg", "100IU", "每瓶装10ml", "10mg；20mg"]
)
NAMES, HOLDERS = st.sampled_from(["甲片", "乙片", "甲注射液"]), st.sampled_from([A, B])
REGISTER = st.lists(
    st.tuples(NAMES, STRENGTHS, HOLDERS, HOLDERS),
    min_size=2,
    max_size=8,
).map(
    lambda rows: [
        Candidate(place, f"国药准字H2005{place:04d}", *row[:2], *row[2:]) for place, row in enumerate(rows)
    ]
)  # fmt: skip


@given(register=REGISTER, data=st.data(), is_named=st.booleans())
def test_a_wrong_number_never_makes_a_wrong_link(
    register: list[Candidate], data: st.DataObject, is_named: bool
) -> None:
    """Whatever is registered: a holder's true words under the number of any other medicine link to no other.

    Two of one name and one holder are told apart by the number alone, and left out where the name is stated.
    """
    true = data.draw(st.sampled_from(register))
    written = data.draw(st.sampled_from(register))
    assume(not is_named or not _is_alike(true, written))
    holder = true.holder_name if data.draw(st.booleans()) else true.manufacturer_name
    said = Words(
        true.name_zh if is_named else None, true.specification, written.approval_number, None, holder
    )
    assert match_words(said, known(*register)).product_id in (None, true.product_id)


def _is_alike(true: Candidate, written: Candidate) -> bool:
    """Whether two medicines share name and an organisation, so that a name tells nothing more."""
    return (
        true is not written
        and name_key(true.name_zh) == name_key(written.name_zh)
        and bool(true.organisations & written.organisations)
    )


def coded(**codes: str) -> Words:
    """The words of the digoxin tablets, with codes."""
    return Words(name_zh=FAR.name_zh, specification=FAR.specification, manufacturer_name=A, **codes)


@pytest.mark.parametrize(
    ("field", "by", "method", "score"),
    [
        ("nhsa_code", "by_nhsa_code", "nhsa_code", "1.00"),
        ("standard_code", "by_standard_code", "standard_code", "1.00"),
        ("trace_prefix", "by_trace_prefix", "trace_prefix", "0.95"),
        ("barcode", "by_barcode", "barcode", "0.90"),
        ("approval_number", "by_former_number", "former_approval_number", "0.95"),
    ],
)
def test_each_code_links_with_its_score(field: str, by: str, method: str, score: str) -> None:
    """The words bear it out."""
    registered: Any = {by: {"X": [FAR]}}
    match = match_words(coded(**{field: "X"}), Known(**registered))
    assert (MatchState.LINKED, 4, method, Decimal(score)) == (
        match.state,
        match.product_id,
        match.method,
        match.score,
    )


def test_two_codes_of_different_medicines_link_to_neither() -> None:
    """Whichever would be the better rung."""
    words = coded(nhsa_code="X", approval_number=SODIUM.approval_number)
    match = match_words(words, replace(known(SODIUM, FAR), by_nhsa_code={"X": [FAR]}))
    assert (MatchState.CONFLICT, None) == (match.state, match.product_id)


def test_a_bar_code_of_two_medicines_links_the_one_that_the_words_fit() -> None:
    """Codes are used again; with words that fit both or neither it waits."""
    both = Known(by_barcode={"X": [SODIUM, FAR]})
    assert FAR.product_id == match_words(coded(barcode="X"), both).product_id
    assert MatchState.LINKED is not match_words(Words(name_zh="别的药", barcode="X"), both).state


def test_a_letter_among_the_digits_links_where_name_and_strength_agree() -> None:
    """H2OO59004 can only be meant for H20059004; with another strength it is nobody's."""
    number = FAR.approval_number.replace("00", "OO")
    match = match_words(coded(approval_number=number), known(SODIUM, FAR))
    assert ("approval_number_lookalike", FAR.product_id) == (match.method, match.product_id)
    other = replace(coded(approval_number=number), specification="0.5mg")
    assert match_words(other, known(SODIUM, FAR)).product_id is None


def test_name_strength_and_maker_link_without_a_code() -> None:
    """Unless two such medicines could be meant, or a code is stated that nobody knows."""
    match = match_words(coded(), known(SODIUM, FAR))
    assert ("fingerprint", FAR.product_id, Decimal("0.90")) == (match.method, match.product_id, match.score)
    twin = replace(FAR, product_id=9, approval_number="国药准字H20059009")
    assert match_words(coded(), known(FAR, twin)).state is MatchState.WAITING
    assert match_words(coded(approval_number="国药准字H20059999"), known(FAR)).state is MatchState.WAITING


def test_a_maker_is_known_by_its_former_and_its_short_name() -> None:
    """A short name that two companies may have confirms nothing."""
    former = replace(coded(), manufacturer_name="演示旧厂有限公司")
    aliases = {"演示旧厂有限公司": FAR.organisations}
    assert match_words(former, replace(known(FAR), aliases=aliases)).method == "fingerprint"
    short = replace(coded(), manufacturer_name="演示制药(甲)")
    for names, state in (({name_key(A)}, MatchState.LINKED), ({name_key(A), "x"}, MatchState.WAITING)):
        both = {"演示制药(甲)": frozenset(names)}
        assert state is match_words(short, replace(known(FAR), abbreviated=both)).state


def test_without_a_maker_only_the_concept_is_known() -> None:
    """All medicines of the name and strength belong to one concept; of two concepts neither."""
    one, two = replace(FAR, concept_id=77), replace(OTHER_MAKER, name_zh=FAR.name_zh, specification="0.25mg")
    words = Words(name_zh=FAR.name_zh, specification=FAR.specification)
    for concept, state in ((77, MatchState.CONCEPT), (78, MatchState.WAITING)):
        match = match_words(words, known(one, replace(two, concept_id=concept)))
        assert (state, None) == (match.state, match.product_id)


@pytest.mark.parametrize(
    ("stated", "registered", "is_kin"),
    [
        ("阿莫西林", "阿莫西林胶囊", True),
        ("泼尼松片", "醋酸泼尼松片", True),
        ("干扰素α2b", "干扰素α-2b", True),
        ("氯化钠注射液", "葡萄糖氯化钠注射液", False),
        ("维生素B1", "维生素B12片", False),
        ("硝酸甘油片", "硝酸异山梨酯片", False),
        ("复方氨基酸注射液(Ⅰ)", "复方氨基酸注射液(Ⅱ)", False),
        ("对乙酰氨基酚片", "小儿对乙酰氨基酚片", False),
        ("注射用青霉素钠", "注射用青霉素钾", False),
    ],
)
def test_a_name_within_a_name_is_kin_if_a_salt_or_form_is_left_out(
    stated: str, registered: str, is_kin: bool
) -> None:
    """Anything else that is left over makes another medicine."""
    assert is_kin is (compare_names(stated, registered) is not Name.OTHER)
