"""Registration files become products, with provenance, in either layout and any encoding."""

from pathlib import Path

import pytest

from connectors.readers import original_row
from connectors.readers.jsonlines import SAMPLED_LINES, JsonTable
from hub.ingest.batches import BatchState, Books
from tests.lib.hub import TestHub
from tests.lib.shared_data import shared_file

HEADER = "批准文号,产品名称,英文名称,剂型,规格,上市许可持有人,生产单位,批准日期,药品本位码"
SODIUM = "国药准字H20059001,注射用硝普钠,Sodium Nitroprusside for Injection,注射剂,50mg,甲,乙,2024/1/5,86900001000019"
DIGOXIN = "国药准字H11029007,地高辛片,Digoxin Tablets,片剂,0.25mg,甲,丙,45296,"


def table(*rows: str) -> str:
    """A file of the table layout."""
    return "\n".join((HEADER, *rows)) + "\n"


async def test_a_row_becomes_a_product(hub: TestHub) -> None:
    """Approval number, names and dates of a row stand in the product."""
    await hub.take("registration", table(SODIUM))
    assert await hub.rows(
        "SELECT approval_number, name_zh, specification, approved_on::text FROM product"
    ) == [("国药准字H20059001", "注射用硝普钠", "50mg", "2024-01-05")]


async def test_standard_codes_lead_to_their_product(hub: TestHub) -> None:
    """A standard code of the row is its product's."""
    await hub.take("registration", table(SODIUM))
    assert await hub.rows(
        "SELECT s.standard_code, p.approval_number FROM standard_code s JOIN product p ON p.id = s.product_id"
    ) == [("86900001000019", "国药准字H20059001")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_any_encoding_gives_the_same_product(hub: TestHub, encoding: str) -> None:
    """The encodings in which such files come."""
    await hub.take("registration", table(SODIUM).encode(encoding))
    assert await hub.value("SELECT name_zh FROM product") == "注射用硝普钠"


async def test_books_balance_with_every_kind_of_row(hub: TestHub) -> None:
    """Good, faulty, blank and total rows: each is counted once, in its place."""
    await hub.take("registration", table(DIGOXIN))
    bad = "国药准字H2005900,某药,,,,,,,"
    outcome = await hub.take("registration", table(SODIUM, DIGOXIN, bad, ",,,,,,,,", "合计,3,,,,,,,"))
    assert Books(read=5, promoted=1, unchanged=1, quarantined=1, skipped=2, closed=0) == outcome.books


async def test_a_faulty_row_is_quarantined_with_row_field_text_and_hint(hub: TestHub) -> None:
    """An approval number of seven digits."""
    await hub.take("registration", table(SODIUM, "国药准字H2005900,某药,,,,,,,"))
    [(row, code, column, text, hint)] = await hub.rows(
        "SELECT row_number, code, column_name, found_text, hint FROM fault WHERE NOT is_notice"
    )
    assert (row, code, column, text) == (3, "approval_number.digits", "批准文号", "国药准字H2005900")
    assert "7" in hint
    assert "8" in hint


async def test_the_same_bytes_again_are_a_recorded_repeat(hub: TestHub) -> None:
    """No second batch, but a second delivery."""
    first = await hub.take("registration", table(SODIUM))
    again = await hub.take("registration", table(SODIUM), name="again.csv")
    assert (True, first.batch.id, first.books) == (again.is_repeat, again.batch.id, again.books)
    assert await hub.rows(
        "SELECT is_repeat FROM delivery WHERE batch_id = $1 ORDER BY id", first.batch.id
    ) == [(False,), (True,)]


async def test_the_same_rows_in_another_order_change_nothing(hub: TestHub) -> None:
    """Other bytes, the same statements: no new fact."""
    await hub.take("registration", table(SODIUM, DIGOXIN))
    before = await hub.rows("SELECT * FROM product ORDER BY id")
    outcome = await hub.take("registration", table(DIGOXIN, SODIUM))
    assert outcome.books is not None
    assert (outcome.books.unchanged, outcome.books.promoted) == (2, 0)
    assert before == await hub.rows("SELECT * FROM product ORDER BY id")


async def test_a_row_said_twice_counts_once(hub: TestHub) -> None:
    """The same row twice in a file: one fact, and the second row is unchanged."""
    outcome = await hub.take("registration", table(SODIUM, SODIUM))
    assert Books(read=2, promoted=1, unchanged=1, quarantined=0, skipped=0, closed=0) == outcome.books


async def test_rows_that_contradict_each_other_are_both_quarantined(hub: TestHub) -> None:
    """One approval number, two names: nobody here knows which is right."""
    outcome = await hub.take("registration", table(SODIUM, SODIUM.replace("注射用硝普钠", "别的药"), DIGOXIN))
    assert Books(read=3, promoted=1, unchanged=0, quarantined=2, skipped=0, closed=0) == outcome.books
    assert await hub.rows("SELECT row_number, code FROM fault ORDER BY row_number") == [
        (2, "row.contradiction"),
        (3, "row.contradiction"),
    ]


async def test_what_a_layout_does_not_state_stays(hub: TestHub) -> None:
    """A file of names only takes no specification away; the stated name is corrected."""
    await hub.take("registration", table(SODIUM))
    await hub.take("registration", '{"code": "国药准字H20059001", "zh": "注射用硝普钠（改）", "en": "x"}\n')
    assert await hub.rows(
        "SELECT name_zh, name_en, specification FROM product WHERE superseded_at = 'infinity' AND valid_to = 'infinity'"
    ) == [("注射用硝普钠（改）", "x", "50mg")]


async def test_history_keeps_both_time_axes(hub: TestHub) -> None:
    """After a change: how it was, until when, and when the hub learned of it."""
    first = await hub.take("registration", table(SODIUM))
    second = await hub.take("registration", table(SODIUM.replace("50mg", "25mg")))
    t1, t2 = first.batch.as_of, second.batch.as_of
    history = await hub.rows(
        "SELECT specification, valid_from, nullif(valid_to, 'infinity'), recorded_at,"
        " nullif(superseded_at, 'infinity'), batch_id FROM product ORDER BY recorded_at, valid_from"
    )
    assert [
        ("50mg", t1, None, t1, t2, first.batch.id),
        ("50mg", t1, t2, t2, None, first.batch.id),
        ("25mg", t2, None, t2, None, second.batch.id),
    ] == history


async def test_provenance_leads_back_to_the_row_as_received(hub: TestHub) -> None:
    """Batch and row number of a fact give the original text from landing, in the file's own encoding."""
    await hub.take("registration", ("标题：演示\n" + table(DIGOXIN, SODIUM)).encode("gb18030"))
    [(digest, row)] = await hub.rows(
        "SELECT b.sha256, p.row_number FROM product p JOIN batch b ON b.id = p.batch_id WHERE name_zh = '注射用硝普钠'"
    )
    assert (row, original_row(hub.landing.path_of(digest), row)) == (4, SODIUM)


async def test_all_real_import_approvals_come_in(hub: TestHub) -> None:
    """2,872 rows read, the books balance, and a second run is a repeat."""
    path = shared_file("nmpa_import_chemical.jsonl")
    outcome = await hub.take("registration", path)
    assert Books(read=2872, promoted=2872, unchanged=0, quarantined=0, skipped=0, closed=0) == outcome.books
    assert (await hub.take("registration", path)).is_repeat


async def test_all_real_domestic_biologicals_come_in(hub: TestHub) -> None:
    """1,718 rows read and promoted."""
    outcome = await hub.take("registration", shared_file("nmpa_domestic_biological.jsonl"))
    assert (
        outcome.books and outcome.books.read,
        await hub.value("SELECT count(*) FROM product"),
    ) == (1718, 1718)


async def test_a_refused_file_leaves_landing_and_books_only(hub: TestHub) -> None:
    """An HTML page saved as CSV: refused with its name in the reason; the bytes are kept, no fact is made."""
    outcome = await hub.take(
        "registration", "<html><body>502 Bad Gateway</body></html>", name="approvals.csv"
    )
    assert BatchState.REFUSED is outcome.state
    assert outcome.stop is not None
    assert "approvals.csv" in outcome.stop.reason
    assert hub.landing.path_of(outcome.batch.sha256).read_bytes().startswith(b"<html>")
    assert await hub.value("SELECT count(*) FROM product") == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\x81\x00\xff" * 50, "file."),
        ("产品名称,规格\n硝普钠,50mg\n".encode(), "file.column_missing"),
        (b"PK\x03\x04" + b"\x00" * 60, "file.broken_spreadsheet"),
        (table(SODIUM).encode("gb18030") + b"\xff\xff\xff,x\n", "file.unknown_encoding"),
    ],
    ids=["empty", "no encoding", "column missing", "truncated xlsx", "breaks off in the middle"],
)
async def test_bad_files_are_refused_whole(hub: TestHub, content: bytes, code: str) -> None:
    """Each with its code, the file's name in the reason, nothing of it in the graph."""
    outcome = await hub.take("registration", content, name="bad.csv")
    assert BatchState.REFUSED is outcome.state
    assert outcome.stop is not None
    assert outcome.stop.code.startswith(code)
    assert outcome.stop.reason.startswith("bad.csv")
    assert await hub.value("SELECT count(*) FROM product") == 0


async def test_every_sample_comes_in(hub: TestHub) -> None:
    """The demo's registration files, CSV, XLSX and JSON lines, are read whole."""
    folder = Path(__file__).parents[2] / "connectors" / "registration" / "samples"
    states = [(await hub.take("registration", path)).state for path in sorted(folder.iterdir())]
    assert states == [BatchState.PROMOTED] * 6


async def test_columns_that_nobody_claims_are_told_of(hub: TestHub) -> None:
    """A column of its own making: not taken in, but listed as a notice of the batch."""
    await hub.take("registration", "批准文号,产品名称,内部备注\n国药准字H20059001,注射用硝普钠,x\n")
    assert [(0, "batch.unknown_columns", "内部备注", True)] == await hub.rows(
        "SELECT row_number, code, found_text, is_notice FROM fault"
    )


async def test_a_key_that_first_appears_late_is_not_lost(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON lines whose English names begin after the first chunk of rows, and after those that are looked at before."""
    monkeypatch.setattr(JsonTable.chunks, "__defaults__", (2 * SAMPLED_LINES,))
    count = 2 * SAMPLED_LINES + 100
    lines = [f'{{"code": "国药准字H{20000000 + n}", "zh": "药{n}"}}' for n in range(count)]
    lines.append('{"code": "国药准字H19990001", "zh": "末药", "en": "Last"}')
    await hub.take("registration", "\n".join(lines) + "\n")
    assert [("Last",)] == await hub.rows("SELECT name_en FROM product WHERE name_zh = '末药'")
    assert count + 1 == await hub.value("SELECT count(*) FROM product")


async def test_a_cell_of_thousands_of_characters_is_a_fault(hub: TestHub) -> None:
    """No index could hold it; the rest of the file comes in."""
    outcome = await hub.take("registration", table(SODIUM.replace("注射用硝普钠", "药" * 6000), DIGOXIN))
    assert outcome.books is not None
    assert (1, 1) == (outcome.books.promoted, outcome.books.quarantined)
    assert [("cell.too_long",)] == await hub.rows("SELECT code FROM fault")


async def test_a_defect_fails_its_batch_and_no_other(hub: TestHub) -> None:
    """Something in the hub breaks on a file: the batch says so, the next file comes in, and a retry works."""
    await hub.connection.execute("ALTER TABLE standard_code ADD CONSTRAINT defect CHECK (note <> 'x')")
    file = "批准文号,产品名称,药品本位码,药品本位码备注\n国药准字H20059001,某药,86900001000019,x\n"
    failed = await hub.take("registration", file)
    assert (BatchState.FAILED, 0) == (failed.state, await hub.value("SELECT count(*) FROM product"))
    assert BatchState.PROMOTED is (await hub.take("registration", table(DIGOXIN))).state
    await hub.connection.execute("ALTER TABLE standard_code DROP CONSTRAINT defect")
    again = await hub.take("registration", file)
    assert (BatchState.PROMOTED, failed.batch.id) == (again.state, again.batch.id)
