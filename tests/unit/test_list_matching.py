"""What words of a list mean: names, forms, strengths and numbers against registered medicines."""

import pytest

from hub.ingest.list_matching import Medicine, Method, Named, meant, names_meant
from schema.list_names import base_of, body_and_forms, covered

MEDICINES = (
    Medicine(1, "国药准字H11029007", (), "地高辛片", "片剂", "0.25mg"),
    Medicine(2, "国药准字H11029008", (), "地高辛注射液", "注射剂", "2ml:0.5mg"),
    Medicine(3, "国药准字H20069004", ("国药准字H10949999",), "盐酸肾上腺素注射液", "注射剂", "1ml:1mg"),
    Medicine(4, "国药准字H20149012", (), "重酒石酸去甲肾上腺素注射液", "注射剂", "1ml:2mg；2ml:10mg"),
    Medicine(5, "国药准字H44029001", (), "注射用硝普钠", "注射剂", "50mg"),
    Medicine(6, "国药准字H10979035", (), "注射用青霉素钠", "注射剂", "0.48g（80万单位）"),
    Medicine(7, "国药准字H10989045", (), "布洛芬缓释胶囊", "胶囊剂（缓释）", "0.3g"),
    Medicine(8, "国药准字H10989046", (), "布洛芬片", "片剂", "0.1g"),
    Medicine(9, "国药准字Z20169052", (), "安宫牛黄丸", "丸剂（大蜜丸）", "每丸重3g"),
    Medicine(10, "国药准字H20171323", (), "硝苯地平控释片", None, None),
)


def means(words: str) -> set[int]:
    """The medicines that words mean: name, form, strength, approval number."""
    name, form, strength, number = (*words.split("|"), "", "", "")[:4]
    named = Named((1, ""), name, form or None, strength or None, number or None)
    return {product for _, product in meant([named], MEDICINES)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("地高辛", {1, 2}),
        ("地高辛|片剂", {1}),
        ("地高辛|口服常释剂型", {1}),
        ("地高辛|注射剂", {2}),
        ("地高辛片", {1}),
        ("地高辛|片剂|0.25mg", {1}),
        ("地高辛|片剂|250μg", {1}),
        ("地高辛|片剂|0.5mg", set()),
        ("地高辛|注射剂|2ml：0.5mg", {2}),
        ("硝普钠|注射剂|50mg", {5}),
        ("注射用硝普钠", {5}),
        ("去甲肾上腺素|注射剂|2ml:10mg", {4}),
        ("布洛芬|缓释控释剂型", {7}),
        ("布洛芬|口服常释剂型", {8}),
        ("布洛芬|胶囊剂", set()),
        ("安宫牛黄丸", {9}),
        ("安宫牛黄|丸剂", {9}),
        ("硝苯地平|控释片", {10}),
    ],
)
def test_a_name_a_form_and_a_strength_narrow_what_is_meant(words: str, expected: set[int]) -> None:
    """Each that is written has to fit; what a form of a list covers stands in a table."""
    assert expected == means(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("肾上腺素", {3}),
        ("青霉素|注射用无菌粉末", {6}),
        ("青霉素钠", {6}),
        ("硫酸肾上腺素", set()),
        ("硝普", {5}),
    ],
)
def test_a_name_without_a_salt_means_all_salts(words: str, expected: set[int]) -> None:
    """A name with a salt means that salt alone."""
    assert expected == means(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("随便写|片剂|1g|国药准字H44029001", {5}),
        ("盐酸肾上腺素注射液|||国药准字H10949999", {3}),
        ("地高辛|片剂||国药准字H99999999", set()),
    ],
)
def test_a_number_means_its_medicine_whatever_else_is_written(words: str, expected: set[int]) -> None:
    """Its present number, or a former one; one that nobody has means nothing."""
    assert expected == means(words)


@pytest.mark.parametrize("words", ["地高辛|某剂型", "地高辛|片剂|适量", "地高辛|片剂|0.25mg或0.5mg吧"])
def test_what_is_not_understood_means_nothing(words: str) -> None:
    """Rather none than a wrong one."""
    assert set() == means(words)


def test_the_method_and_what_was_compared_are_told() -> None:
    """In the words of both sides."""
    named = Named((1, ""), "肾上腺素", "注射剂", "1ml:1mg", None)
    [known] = meant([named], MEDICINES).values()
    assert Method.BASE_NAME is known.method
    assert (
        "名称 肾上腺素 ＝ 盐酸肾上腺素注射液（不计酸根盐基）；剂型 注射剂 ∋ 注射液；规格 1ml:1mg ∈ 1ml:1mg"
        == known.evidence
    )


def test_names_of_the_register_are_narrowed_before_medicines_are_read() -> None:
    """To those that could be meant, by their own name or without a salt."""
    named = [Named((1, ""), name, None, None, None) for name in ("地高辛", "肾上腺素")]
    registered = [medicine.name for medicine in MEDICINES]
    assert ["地高辛片", "地高辛注射液", "盐酸肾上腺素注射液"] == names_meant(named, registered)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("盐酸肾上腺素", "肾上腺素"),
        ("重酒石酸间羟胺", "间羟胺"),
        ("华法林钠", "华法林"),
        ("苯磺酸氨氯地平", "氨氯地平"),
        ("氯化钠", "氯化钠"),
        ("硫酸镁", "硫酸镁"),
        ("维生素K1", "维生素K1"),
    ],
)
def test_only_salts_go(name: str, base: str) -> None:
    """And nothing where too little would be left of the name."""
    assert base == base_of(name)


def test_an_unknown_form_covers_nothing() -> None:
    """Which is not the same as no form, which covers all."""
    assert frozenset() == covered("某剂型")
    assert ("地高辛", None) == body_and_forms("地高辛", None)
