"""POST /feeds/{feed} over real HTTP: who may push what, what is checked, and what the answer says."""

import asyncio
import base64
import gzip
import io
import zipfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from hub.config import Settings
from schema.scopes import Scope
from tests.lib.graph import GraphCaller, ServedHub, served
from tests.lib.samples import APPROVALS, stock_take, stores

CSV = {"Content-Type": "text/csv"}


def digest_of(body: bytes) -> dict[str, str]:
    """The header of RFC 9530 for a body."""
    return {"Content-Digest": f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"}


async def push(caller: GraphCaller, feed: str, content: str, **headers: str) -> httpx.Response:
    """Push a file as a client should."""
    body = content.encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    authorization = {"Authorization": f"Bearer {caller.token}"}
    return await caller.http.post(
        f"/feeds/{feed}", content=body, headers=authorization | CSV | digest_of(body) | given
    )


@pytest.fixture
async def chain(own_hub: ServedHub) -> GraphCaller:
    """A client bound to the sender chain-a, which may push and nothing else."""
    return await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")


async def batches(hub: ServedHub) -> int:
    """How many batches there are beside that of the divisions."""
    return int(await hub.connection.fetchval("SELECT count(*) FROM batch WHERE feed_code <> 'divisions'"))


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a push that was not taken."""
    return answer.status_code, answer.json()["error"]


async def test_a_pushed_file_is_taken_in_and_answered_with_its_books(
    own_hub: ServedHub, chain: GraphCaller
) -> None:
    """200, the batch, its state and books; on record as pushed, by the sender of the client."""
    answer = await push(chain, "pharmacy", stores("S1", "S2"))
    told = answer.json()
    assert (200, "promoted", "chain-a", 2, 2) == (
        answer.status_code,
        *(told[name] for name in ("state", "sender", "rows_read", "promoted")),
    )
    assert "push" == await own_hub.connection.fetchval(
        "SELECT transport_code FROM delivery WHERE batch_id = $1", told["batch"]
    )


async def test_the_same_file_again_is_a_repeat(own_hub: ServedHub, chain: GraphCaller) -> None:
    """A client that got no answer may push again."""
    first, second = [(await push(chain, "pharmacy", stores("S1"))).json() for _ in range(2)]
    assert (False, True, first["batch"], 1) == (
        *(told["repeat"] for told in (first, second)),
        second["batch"],
        await batches(own_hub),
    )


async def test_a_file_that_cannot_be_read_is_answered_422(own_hub: ServedHub, chain: GraphCaller) -> None:
    """With the reason; the bytes are kept as those of any refused file."""
    answer = await push(chain, "pharmacy", "门店编码,门店名称\nS1,某店\n")
    assert (422, "refused", "file.column_missing") == (
        answer.status_code,
        answer.json()["state"],
        answer.json()["code"],
    )
    assert "行政区划代码" in answer.json()["reason"]


async def test_an_empty_body_is_refused(own_hub: ServedHub, chain: GraphCaller) -> None:
    """Zero bytes are no file, whatever their digest."""
    answer = await push(chain, "pharmacy", "")
    assert (422, "file.empty") == (answer.status_code, answer.json()["code"])


async def test_a_full_file_suddenly_almost_empty_is_held_409(own_hub: ServedHub, chain: GraphCaller) -> None:
    """Nothing closes before a person has looked."""
    rows = [f"S1,A{n},某药,1盒,,5,1" for n in range(10)]
    for content in (stores("S1"), stock_take(*rows)):
        assert 200 == (await push(chain, "pharmacy", content)).status_code
    answer = await push(chain, "pharmacy", stock_take(rows[0]))
    assert (409, "guard.vanished") == (answer.status_code, answer.json()["code"])
    live = "valid_to = 'infinity' AND superseded_at = 'infinity'"
    assert 10 == await own_hub.connection.fetchval(f"SELECT count(*) FROM on_sale WHERE {live}")


async def test_without_a_token_nothing_is_taken(own_hub: ServedHub) -> None:
    """401, with the challenge."""
    answer = await own_hub.http.post("/feeds/pharmacy", content=b"x", headers=CSV | digest_of(b"x"))
    assert (401, "missing_token") == refusal(answer)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_client_that_may_only_read_cannot_push(own_hub: ServedHub) -> None:
    """403, naming the scope that is lacking."""
    answer = await push(await own_hub.caller(), "pharmacy", stores("S1"))
    assert (403, "push.scope") == refusal(answer)
    assert 'scope="feed.pharmacy:write"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ("sender_code = NULL", (403, "push.sender")),
        ("disabled_at = now()", (401, "invalid_token")),
        ("scopes = ARRAY['feed:read']", (403, "push.sender")),
        ("region_code = NULL, owners = ARRAY['sender:chain-b']", (403, "push.organization")),
    ],
)
async def test_what_the_table_of_clients_says_counts_at_once(
    own_hub: ServedHub, chain: GraphCaller, change: str, refused: tuple[int, str]
) -> None:
    """A token is good for minutes; a client that lost its sender, scope, organisation or itself cannot push with it."""
    await own_hub.connection.execute(f"UPDATE oauth_client SET {change}")
    assert 200 == (await chain.http.get("/health")).status_code
    for _ in range(100):
        answer = await push(chain, "pharmacy", stores("S1"))
        if answer.status_code != 200:
            break
        await asyncio.sleep(0.1)  # the register of clients may be some seconds old
    assert refused == refusal(answer)


async def test_two_senders_cannot_touch_each_other(own_hub: ServedHub, chain: GraphCaller) -> None:
    """The same store code by two clients is two stores: whose it is follows from the client."""
    other = await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-b")
    await push(chain, "pharmacy", stores("S1"))
    await push(other, "pharmacy", stores("S1"), sender="chain-a", X_Sender="chain-a")
    senders = await own_hub.connection.fetch("SELECT sender_code FROM pharmacy ORDER BY 1")
    assert ["chain-a", "chain-b"] == [row[0] for row in senders]


async def test_a_feed_of_everyones_codes_takes_its_own_sender_only(
    own_hub: ServedHub, chain: GraphCaller
) -> None:
    """A pharmacy chain cannot write registrations, whatever its scopes; the register's own client can."""
    assert (403, "push.scope") == refusal(await push(chain, "registration", APPROVALS))
    bold = await own_hub.caller(Scope.FEED_REGISTRATION_WRITE, sender="chain-a")
    assert (403, "push.feed") == refusal(await push(bold, "registration", APPROVALS))
    register = await own_hub.caller(Scope.FEED_REGISTRATION_WRITE, sender="nmpa")
    assert 200 == (await push(register, "registration", APPROVALS)).status_code


async def test_an_unknown_feed_is_not_found(chain: GraphCaller) -> None:
    """404, with the feeds there are."""
    assert (404, "feed.unknown") == refusal(await push(chain, "weather", "x"))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "push.digest"),
        ("sha-256=abc", "push.digest"),
        ("sha-512=:AAAA:", "push.digest"),
        (f"sha-256=:{'A' * 43}=:", "push.digest_mismatch"),
    ],
)
async def test_a_digest_is_needed_and_must_be_that_of_the_bytes(
    own_hub: ServedHub, chain: GraphCaller, value: str, code: str
) -> None:
    """400, and nothing is landed."""
    before = landed(own_hub)
    answer = await push(chain, "pharmacy", stores("S1"), Content_Digest=value)
    assert ((400, code), before, 0) == (refusal(answer), landed(own_hub), await batches(own_hub))


async def test_a_digest_among_others_is_found(chain: GraphCaller) -> None:
    """RFC 9530 lets a sender give several."""
    body = stores("S1")
    several = f"sha-512=:AAAA:, {digest_of(body.encode())['Content-Digest']}"
    assert 200 == (await push(chain, "pharmacy", body, Content_Digest=several)).status_code


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"]
)
async def test_a_form_is_no_file(chain: GraphCaller, kind: str) -> None:
    """415, with the types that are taken."""
    answer = await push(chain, "pharmacy", stores("S1"), Content_Type=kind)
    assert (415, "push.media_type") == refusal(answer)
    assert "text/csv" in answer.headers["accept-post"]


async def test_an_encoded_body_is_not_taken(chain: GraphCaller) -> None:
    """415: packed files come as the files they are."""
    answer = await push(chain, "pharmacy", stores("S1"), Content_Encoding="gzip")
    assert (415, "push.encoding") == refusal(answer)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="stores.csv"', "stores.csv"),
        ("attachment; filename*=UTF-8''%E9%97%A8%E5%BA%97.csv", "门店.csv"),
        ('attachment; filename="../../etc/pass wd"', "pass wd"),
        ('attachment; filename="C:\\\\x\\\\a.csv"', "a.csv"),
        ("attachment; filename*=UTF-8''a%E2%80%AEvsc.exe%0D%0A", "avsc.exe"),
        ('attachment; filename="门店.csv"', "门店.csv"),
        (f'attachment; filename="{"x" * 300}.csv"', f"{'x' * 196}.csv"),
    ],
)
async def test_the_name_is_taken_without_what_could_do_harm(
    chain: GraphCaller, disposition: str, name: str
) -> None:
    """No folders, no invisible signs, no endless names; Chinese either way it is written."""
    body = stores("S1").encode()
    given = {"Authorization": f"Bearer {chain.token}", "Content-Disposition": disposition}
    headers = [(key.encode(), value.encode()) for key, value in (CSV | digest_of(body) | given).items()]
    answer = await chain.http.post("/feeds/pharmacy", content=body, headers=headers)
    assert name == answer.json()["file"]


async def test_a_file_without_a_name_is_called_by_its_digest(chain: GraphCaller) -> None:
    """Feed and the first digits of its SHA-256."""
    told = (await push(chain, "pharmacy", stores("S1"))).json()
    assert f"pharmacy-{sha256(stores('S1').encode()).hexdigest()[:12]}" == told["file"]


@pytest.mark.parametrize(
    ("as_of", "instant"),
    [
        ("2026-03-01", "2026-02-28 16:00:00+00:00"),
        ("2026-03-01T08:00:00", "2026-03-01 00:00:00+00:00"),
        ("2026-03-01T08:00:00Z", "2026-03-01 08:00:00+00:00"),
    ],
)
async def test_as_of_says_what_instant_it_is_about(
    own_hub: ServedHub, chain: GraphCaller, as_of: str, instant: str
) -> None:
    """China time unless it says otherwise."""
    told = (await push(chain, "pharmacy", stores("S1"), As_Of=as_of)).json()
    found = await own_hub.connection.fetchval("SELECT as_of FROM batch WHERE id = $1", told["batch"])
    assert instant == str(found)


@pytest.mark.parametrize("as_of", ["yesterday", "2999-01-01", "0001-01-01T00:00:00"])
async def test_an_as_of_that_cannot_be_is_refused(chain: GraphCaller, as_of: str) -> None:
    """No date, or one to come: it would make all later files late."""
    assert (400, "push.as_of") == refusal(await push(chain, "pharmacy", stores("S1"), As_Of=as_of))


@pytest.fixture
async def small_hub(settings: Settings) -> AsyncIterator[ServedHub]:
    """A hub that takes files of a kilobyte."""
    async with served(settings.model_copy(update={"push_max_bytes": 1024})) as hub:
        yield hub


async def test_a_file_that_says_it_is_too_large_is_not_even_read(small_hub: ServedHub) -> None:
    """413 by its Content-Length."""
    chain = await small_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    assert (413, "push.too_large") == refusal(await push(chain, "pharmacy", "x" * 1025))


async def test_a_stream_beyond_the_limit_is_cut_off(small_hub: ServedHub) -> None:
    """413 without a Content-Length, and nothing of it stays."""
    chain = await small_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a")
    before = landed(small_hub)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    headers = {"Authorization": f"Bearer {chain.token}"} | CSV | digest_of(b"x" * 10_000)
    answer = await chain.http.post("/feeds/pharmacy", content=endless(), headers=headers)
    assert ((413, "push.too_large"), before) == (refusal(answer), landed(small_hub))


async def test_a_bomb_is_refused_before_it_goes_off(own_hub: ServedHub, chain: GraphCaller) -> None:
    """Small packed and huge unpacked, as gzip and as zip, one that lies about its size too: refused."""
    blanks = b" " * (17 << 20)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("stores.csv", blanks)
    whole = archive.getvalue()
    # the directory says that one byte comes out
    lying = whole.replace(len(blanks).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    for body, codes in (
        (gzip.compress(blanks), {"file.too_large_unpacked"}),
        (whole, {"file.too_large_unpacked"}),
        (lying, {"file.broken_zip", "file.too_large_unpacked"}),
    ):
        headers = {"Authorization": f"Bearer {chain.token}", "Content-Type": "application/zip"} | digest_of(
            body
        )
        answer = await chain.http.post("/feeds/pharmacy", content=body, headers=headers)
        assert 422 == answer.status_code, answer.text
        assert answer.json()["code"] in codes
    assert 0 == await own_hub.connection.fetchval("SELECT count(*) FROM pharmacy")


async def test_an_upload_that_breaks_off_leaves_nothing(own_hub: ServedHub, chain: GraphCaller) -> None:
    """Half of the promised bytes, then the connection closes: no batch, no bytes in landing."""
    before, base = landed(own_hub), own_hub.http.base_url
    reader, writer = await asyncio.open_connection(base.host, base.port)
    body = stores("S1").encode()
    head = {"Host": "hub", "Authorization": f"Bearer {chain.token}", "Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in (head | CSV | digest_of(body)).items()]
    writer.write("\r\n".join(["POST /feeds/pharmacy HTTP/1.1", *lines, "", ""]).encode() + body[:20])
    await writer.drain()
    while landed(own_hub) == before:  # until it is being received
        await asyncio.sleep(0.01)
    writer.close()
    await writer.wait_closed()
    while landed(own_hub) != before:
        await asyncio.sleep(0.01)
    assert (b"", 0) == (await reader.read(), await batches(own_hub))


async def test_pushes_at_one_time_take_turns_and_the_graph_still_answers(own_hub: ServedHub) -> None:
    """As many as are received at one time: each is taken in, and others get their answers meanwhile."""
    callers = [await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender=f"chain-{n}") for n in range(8)]
    pushes = [asyncio.create_task(push(caller, "pharmacy", stores("S1"))) for caller in callers]
    assert 200 == (await own_hub.http.get("/health")).status_code
    assert [200] * 8 == [(await each).status_code for each in pushes]


def landed(hub: ServedHub) -> list[Path]:
    """Everything in landing, what is on its way too."""
    return sorted(path for path in hub.settings.landing_dir.rglob("*") if path.is_file())
