"""`baogong publish`: release, releases, rollback and diff, for people and for programs."""

import gzip
from pathlib import Path

import pytest

from publish import shelf
from tests.lib.command import answer, baogong
from tests.lib.samples import APPROVALS, stock_take, stores

MORE = "国药准字H20059002,注射用硝普钠,25mg\n"


@pytest.fixture
def filled(data: Path, tmp_path: Path) -> Path:
    """A data folder whose hub knows two medicines, and a store that sells one."""
    for name, feed, content in (
        ("a.csv", "registration", APPROVALS),
        ("s.csv", "pharmacy", stores("S1")),
        ("t.csv", "pharmacy", stock_take("S1,A1,注射用硝普钠,50mg,国药准字H20059001,5,7")),
    ):
        take(data, tmp_path / name, feed, content)
    return data


def take(data: Path, path: Path, feed: str, content: str) -> None:
    """Take a file in."""
    path.write_text(content, "utf-8")
    sender = ["--sender", "chain-a"] if feed == "pharmacy" else []
    assert 0 == baogong(data, "feed", "ingest", feed, path, *sender).returncode


def test_releases_are_made_listed_compared_and_gone_back_on(filled: Path, tmp_path: Path) -> None:
    """From the first release to the second, what changed, and back; each as JSON and as a sentence."""
    first = answer(baogong(filled, "publish", "release", "--json"))
    assert {"passed"} == {each["state"] for each in first["checks"]}
    take(filled, tmp_path / "b.csv", "registration", APPROVALS + MORE)
    second = answer(baogong(filled, "publish", "release", "--json"))
    assert first["id"] == second["previous"]

    listed = answer(baogong(filled, "publish", "releases", "--json"))
    assert {(second["id"], "current"), (first["id"], "sealed")} == {
        (each["id"], each["state"]) for each in listed
    }
    assert second["id"] in baogong(filled, "publish", "releases").stdout

    compared = {
        each["table"]: each
        for each in answer(baogong(filled, "publish", "diff", first["id"], second["id"], "--json"))
    }
    assert {"table": "product", "added": 1, "removed": 0, "changed": 0} == compared["product"]
    rows = answer(
        baogong(filled, "publish", "diff", first["id"], second["id"], "--table", "product", "--json")
    )
    assert ["国药准字H20059002"] == [each["after"]["approval_number"] for each in rows]
    back = answer(baogong(filled, "publish", "diff", second["id"], first["id"], "--json"))
    assert {("product", 1)} <= {(each["table"], each["removed"]) for each in back}

    rolled = answer(baogong(filled, "publish", "rollback", "--json"))
    assert first["id"] == rolled["id"]
    current = shelf.current(filled / "releases")
    assert current is not None
    assert first["id"] == current.id
    assert 0 == baogong(filled, "publish", "rollback", second["id"]).returncode
    records = answer(baogong(filled, "audit", "show", "--json"))
    acts = [record["details"] for record in records if record["kind"] == "act"]
    back = [act["release"] for act in acts if act["act"] == "publish.rollback"]
    assert {first["id"], second["id"]} == set(back)


def test_the_band_says_few_where_few_are_left(filled: Path) -> None:
    """Seven packs are few: worked out in the database; the count is in no listing of the release."""
    made = answer(baogong(filled, "publish", "release", "--json"))
    folder = filled / "releases" / made["id"]
    lines = shelf_lines(folder)
    assert ['"stock_band_code":"few"'] == [
        part for part in lines.split(",") if "band" in part and "few" in part
    ]
    assert "stock_packs" not in lines


def shelf_lines(folder: Path) -> str:
    """What is on sale in Guangdong, as JSON lines."""
    return (
        gzip.decompress((folder / "jsonl/on_sale/44.jsonl.gz").read_bytes()).decode().strip().replace("}", "")
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rollback", "20260101-00000000"), "there is no release 20260101-00000000"),
        (("rollback",), "there is no release"),
        (("diff", "x", "y"), "there is no release x"),
        (("release", "--force"), "--force needs --by and --reason"),
    ],
)
def test_what_cannot_be_done_is_said(data: Path, arguments: tuple[str, ...], said: str) -> None:
    """One sentence, exit status 1, no release."""
    done = baogong(data, "publish", *arguments)
    assert 1 == done.returncode
    assert said in done.stderr
    assert [] == shelf.sealed(data / "releases")


def test_a_release_that_fails_says_why_and_may_be_let_pass(filled: Path, tmp_path: Path) -> None:
    """Six times as many stores: status 1, the reason, `current` as it was; then a person takes it upon them."""
    many = [f"B{number}" for number in range(400)]
    take(filled, tmp_path / "some.csv", "pharmacy", stores("S1", *many[:60]))
    first = answer(baogong(filled, "publish", "release", "--json"))
    take(filled, tmp_path / "more.csv", "pharmacy", stores("S1", *many))
    failed = baogong(filled, "publish", "release")
    assert 1 == failed.returncode
    assert "pharmacy 61 → 401" in failed.stderr
    records = {each["id"]: each for each in answer(baogong(filled, "publish", "releases", "--json"))}
    assert "current" == records[first["id"]]["state"]
    (other,) = (each for each in records.values() if each["id"] != first["id"])
    assert "failed" == other["state"]
    assert "drift" in other["failures"]
    as_json = baogong(filled, "publish", "release", "--json")
    assert (1, "failed") == (as_json.returncode, answer(as_json)["state"])
    forced = baogong(
        filled, "publish", "release", "--force", "--by", "演示员", "--reason", "新连锁接入", "--json"
    )
    assert other["id"] == answer(forced)["id"]
    (kept,) = (each for each in answer(baogong(filled, "publish", "releases", "--json")) if each["accepted"])
    assert ("演示员", "新连锁接入") == (kept["accepted"]["by"], kept["accepted"]["reason"])
