"""What a text asks of the search, and which ranks it can have given."""

from schema.plan.search import After, is_rank, understand, values
from schema.search_rules import Kind


def test_ranks_are_told_from_other_texts() -> None:
    """A cursor that somebody made up must not reach the database."""
    assert is_rank("1" + "9".rjust(19, "0"))
    assert is_rank("0H20140210")
    for text in ("", "0", "4", "5" + "0" * 19, "4" + "9" * 19, "0\0", "0'", "0\ud800", "4" + "٣" * 19, "x"):
        assert not is_rank(text)


def test_codes_are_told_from_words() -> None:
    """By digits and length; a division's are short."""
    assert {Kind.PLACE} == understand("44").code_kinds
    assert {Kind.MEDICINE, Kind.ORGANIZATION} == understand("国药准字H20140210").code_kinds
    assert set(Kind) == understand("440106").code_kinds
    assert not understand("b12").code_kinds
    assert ("H2014", ("阿司匹林",)) == (understand("阿司匹林 h2014").code, understand("阿司匹林 h2014").rest)


def test_a_page_goes_on_where_the_last_one_ended() -> None:
    """Classes before are over, those after begin anew."""
    found = values(understand("a"), After("3" + "7".rjust(19, "0"), 5))
    assert [None, None, "7".rjust(19, "0"), "0"] == [found[f"from_{number}"] for number in (1, 2, 3, 4)]
