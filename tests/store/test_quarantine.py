"""Quarantine: rows wait, and come in by a corrected file or by what they waited for, linked to their first form."""

from datetime import timedelta

from connectors.pharmacy.connector import pharmacy_id
from hub.ingest.batches import BatchState
from tests.lib.hub import START, TestHub
from tests.lib.samples import APPROVALS, stock_take, stores

_SETTLED = (
    "SELECT q.batch_id, q.row_number, s.method_code, s.batch_id, s.row_number, s.cause_batch_id"
    " FROM fault_settlement s JOIN quarantined_row q ON q.id = s.row_id ORDER BY q.id"
)
_OPEN = (
    "SELECT q.batch_id, q.row_number FROM quarantined_row q"
    " WHERE NOT EXISTS (SELECT FROM fault_settlement s WHERE s.row_id = q.id) ORDER BY q.id"
)
DAY = timedelta(days=1)


def row(store: str, item: str, stock: object) -> str:
    """A row of a stock-take."""
    return f"{store},{item},地高辛片,0.25mg,国药准字H11029007,8,{stock}"


async def ready(hub: TestHub, *known: str) -> None:
    """A hub with approvals and these stores of the chain."""
    await hub.take("registration", APPROVALS)
    await hub.take("pharmacy", stores(*known), sender="chain")


async def test_a_corrected_file_settles_the_row(hub: TestHub) -> None:
    """The same item of the same store, said rightly: linked to the row as it first came."""
    await ready(hub, "S1")
    wrong = await hub.take(
        "pharmacy", stock_take(row("S1", "A1", 1), row("S1", "A2", "两盒")), sender="chain"
    )
    right = await hub.take("pharmacy", stock_take(row("S1", "A2", 2), row("S1", "A1", 1)), sender="chain")
    assert [(wrong.batch.id, 3, "restated", right.batch.id, 2, right.batch.id)] == await hub.rows(_SETTLED)


async def test_what_was_written_about_a_row_stays(hub: TestHub) -> None:
    """A settlement is a row of its own: faults and books of the first batch are as they were."""
    await ready(hub, "S1")
    wrong = await hub.take(
        "pharmacy", stock_take(row("S1", "A1", 1), row("S1", "A2", "两盒")), sender="chain"
    )
    asked = (
        "SELECT * FROM fault",
        "SELECT * FROM quarantined_row",
        f"SELECT * FROM batch WHERE id = {wrong.batch.id}",
    )
    before = [await hub.rows(each) for each in asked]
    await hub.take("pharmacy", stock_take(row("S1", "A2", 2), row("S1", "A1", 1)), sender="chain")
    assert before == [await hub.rows(each) for each in asked]


async def test_a_row_of_another_item_settles_nothing(hub: TestHub) -> None:
    """Only the same thing, said rightly, is a correction."""
    await ready(hub, "S1")
    wrong = await hub.take(
        "pharmacy", stock_take(row("S1", "A1", 1), row("S1", "A2", "两盒")), sender="chain"
    )
    await hub.take("pharmacy", stock_take(row("S1", "A1", 2)), sender="chain")
    assert [(wrong.batch.id, 3)] == await hub.rows(_OPEN)


async def test_an_older_file_settles_nothing(hub: TestHub) -> None:
    """What held before the row's instant does not say what held at it."""
    await ready(hub, "S1")
    await hub.take(
        "pharmacy",
        stock_take(row("S1", "A1", 1), row("S1", "A2", "两盒")),
        sender="chain",
        as_of=START + 2 * DAY,
    )
    await hub.take(
        "pharmacy", stock_take(row("S1", "A1", 1), row("S1", "A2", 4)), sender="chain", as_of=START + DAY
    )
    assert [] == await hub.rows(_SETTLED)


async def test_contradictions_are_settled_by_their_key(hub: TestHub) -> None:
    """Two rows about one thing are both in quarantine; one right row later settles both."""
    await ready(hub, "S1")
    wrong = await hub.take("pharmacy", stock_take(row("S1", "A1", 1), row("S1", "A1", 2)), sender="chain")
    right = await hub.take("pharmacy", stock_take(row("S1", "A1", 2)), sender="chain")
    assert [
        (wrong.batch.id, number, "restated", right.batch.id, 2, right.batch.id) for number in (2, 3)
    ] == await hub.rows(_SETTLED)


async def test_a_row_without_a_key_is_known_by_its_content(hub: TestHub) -> None:
    """No item code: the row is what it is made of, the same in every file."""
    await ready(hub, "S1")
    await hub.take("pharmacy", stock_take(row("S1", "A1", 1), row("S1", "", 3)), sender="chain")
    await hub.take("pharmacy", stock_take(row("S1", "", 3), row("S1", "A1", 2)), sender="chain")
    [(first,), (second,)] = await hub.rows("SELECT identity FROM quarantined_row ORDER BY id")
    assert first == second
    assert first.startswith("sha256:")


async def test_a_new_store_lets_its_rows_in(hub: TestHub) -> None:
    """The stock-take came before the file of stores: its rows come in at their own instant, from their own file."""
    await ready(hub, "S1")
    first = await hub.take("pharmacy", stock_take(row("S1", "A1", 1), row("S2", "A9", 5)), sender="chain")
    named = await hub.take("pharmacy", stores("S1", "S2"), sender="chain")
    assert [(first.batch.id, 3, "reentered", first.batch.id, 3, named.batch.id)] == await hub.rows(_SETTLED)
    assert [(first.batch.as_of, first.batch.id, 3)] == await hub.rows(
        "SELECT o.valid_from, o.batch_id, o.row_number FROM on_sale o WHERE stock_packs = 5"
    )
    assert 2 == await hub.value("SELECT count(*) FROM stock_take")


async def test_another_chains_store_lets_nothing_in(hub: TestHub) -> None:
    """Store codes are each chain's own."""
    await ready(hub, "S1")
    await hub.take("pharmacy", stock_take(row("S1", "A1", 1), row("S2", "A9", 5)), sender="chain")
    await hub.take("pharmacy", stores("S2"), sender="other")
    assert [] == await hub.rows(_SETTLED)


async def test_days_of_waiting_come_in_as_if_the_store_had_been_known(hub: TestHub) -> None:
    """Two days' files wait for a store: its history is that of the right order, with what vanished in between."""
    await ready(hub, "S1")
    one = stock_take(row("S1", "A1", 1), row("S2", "A8", 4), row("S2", "A9", 5))
    two = stock_take(row("S1", "A1", 1), row("S2", "A9", 6))
    await hub.take("pharmacy", one, sender="chain", as_of=START + DAY)
    await hub.take("pharmacy", two, sender="chain", as_of=START + 2 * DAY)
    await hub.take("pharmacy", stores("S1", "S2"), sender="chain", as_of=START)
    now = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert [(1,), (6,)] == await hub.rows(f"SELECT stock_packs::int FROM on_sale WHERE {now} ORDER BY 1")
    assert [] == await hub.rows(_OPEN)


async def test_rows_let_in_take_nothing_from_their_neighbours(hub: TestHub) -> None:
    """What the file said before stays as it was when one of its rows comes in."""
    await ready(hub, "S1")
    first = stock_take(row("S1", "A1", 1), row("S1", "A2", 2), row("S2", "A1", 5))
    await hub.take("pharmacy", first, sender="chain")
    before = await hub.rows("SELECT * FROM on_sale ORDER BY item_id, recorded_at")
    await hub.take("pharmacy", stores("S1", "S2"), sender="chain")
    told = await hub.rows("SELECT * FROM on_sale WHERE stock_packs <> 5 ORDER BY item_id, recorded_at")
    assert before == told


async def test_a_new_division_lets_a_store_and_its_stock_in(hub: TestHub) -> None:
    """A division is what a store waited for, and the store what its stock-take waited for: all come in at once."""
    await ready(hub, "S1")
    listed = "门店编码,门店名称,行政区划代码\nS2,演示药店S2,440199\n"
    store = await hub.take("pharmacy", listed, sender="chain")
    taken = await hub.take("pharmacy", stock_take(row("S1", "A1", 1), row("S2", "A9", 5)), sender="chain")
    known = await hub.value("SELECT sha256 FROM batch WHERE feed_code = 'divisions'")
    header, *rest = hub.landing.path_of(known).read_text("utf-8").splitlines(keepends=True)
    like = next(line for line in rest if line.startswith("440106,"))
    divisions = await hub.take("divisions", header + "".join(rest) + like.replace("440106,", "440199,"))
    assert [
        (store.batch.id, 2, "reentered", store.batch.id, 2, divisions.batch.id),
        (taken.batch.id, 3, "reentered", taken.batch.id, 3, store.batch.id),
    ] == await hub.rows(_SETTLED)


async def test_a_row_read_again_by_a_late_file_is_settled(hub: TestHub) -> None:
    """A late file has the later ones read again; what comes in by that is no longer listed as waiting."""
    await ready(hub, "S1")
    second = await hub.take(
        "pharmacy", stock_take(row("S1", "A1", 1), row("S2", "A9", 5)), sender="chain", as_of=START + 2 * DAY
    )
    # the store becomes known, as if to a program that did not look for the rows that wait for it
    await hub.connection.execute(
        "CREATE TEMP TABLE known AS SELECT * FROM pharmacy;"
        f"UPDATE known SET store_code = 'S2', id = {pharmacy_id('chain', 'S2')};"
        "INSERT INTO pharmacy SELECT * FROM known"
    )
    late = await hub.take("pharmacy", stock_take(row("S1", "A1", 3)), sender="chain", as_of=START + DAY)
    assert [(second.batch.id, 3, "reentered", second.batch.id, 3, late.batch.id)] == await hub.rows(_SETTLED)


async def test_the_same_bytes_again_renew_the_confirmation(hub: TestHub) -> None:
    """The chain sends the same stock-take the next day: nothing changes but when it was last confirmed."""
    await ready(hub, "S1")
    content = stock_take(row("S1", "A1", 1))
    first = await hub.take("pharmacy", content, sender="chain", as_of=START)
    again = await hub.take("pharmacy", content, sender="chain", as_of=START + DAY)
    assert again.is_repeat
    assert [(START + DAY, first.batch.id)] == await hub.rows("SELECT confirmed_at, batch_id FROM stock_take")
    await hub.take("pharmacy", content, sender="chain", as_of=START + DAY)
    assert 1 == await hub.value("SELECT count(*) FROM on_sale")


async def test_an_empty_full_file_closes_nothing(hub: TestHub) -> None:
    """A stock-take with nothing but its header is a collector's failure: held."""
    await ready(hub, "S1")
    await hub.take("pharmacy", stock_take(row("S1", "A1", 1)), sender="chain")
    before = await hub.rows("SELECT * FROM on_sale")
    empty = await hub.take("pharmacy", stock_take(), sender="chain")
    assert BatchState.PROMOTED is not empty.state
    assert before == await hub.rows("SELECT * FROM on_sale")
