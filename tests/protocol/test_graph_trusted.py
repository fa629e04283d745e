"""Trusted documents by SHA-256, what a client may keep of their answers, and compression."""

import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hub.config import Settings
from hub.errors import SettingError
from hub.web.trusted import load_trusted
from schema.scopes import READ_SCOPES, Scope
from tests.lib.graph import GraphCaller, ServedHub, served

OWN = "query Own($first: Int = 100) {\n  products(first: $first) { edges { node { nameZh approvalNumber } } }\n}\n"
TWO = "query A { __typename } query B { __typename }"
MUTATION = "mutation { __typename }"
#: no document has it
NOBODYS = "0" * 64


def sha256(text: str) -> str:
    """The identifier of a document."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents."""
    for name, text in (("own", OWN), ("deeper/two", TWO), ("mutation", MUTATION)):
        path = tmp_path / "documents" / f"{name}.graphql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "documents"


@pytest.fixture
async def trusting(sampled: Settings, folder: Path) -> AsyncIterator[ServedHub]:
    """A hub with those documents."""
    async with served(sampled.model_copy(update={"trusted_documents": folder})) as hub:
        yield hub


async def get(graph: GraphCaller, headers: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
    """Ask by GET, without compression where nothing is said."""
    given = {"Authorization": f"Bearer {graph.token}", "Accept-Encoding": "identity", **(headers or {})}
    return await graph.http.get("/graphql", params=parameters, headers=given)


@pytest.mark.parametrize(
    "text", [OWN, OWN.rstrip("\n")], ids=["as the file is", "without the last line's end"]
)
@pytest.mark.parametrize(
    "body",
    [
        lambda digest: {"documentId": f"sha256:{digest}"},
        lambda digest: {"documentId": digest.upper()},
        lambda digest: {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}},
    ],
    ids=["the draft's way", "bare", "Apollo's way"],
)
async def test_a_trusted_document_is_asked_for_by_its_sha256(
    trusting: ServedHub, text: str, body: object
) -> None:
    """With variables; the identifier is what `sha256sum` says of the file."""
    assert callable(body)
    graph = await trusting.caller()
    answer = (await graph.post({**body(sha256(text)), "variables": {"first": 2}})).json()
    assert 2 == len(answer["data"]["products"]["edges"])


async def test_the_operation_of_a_trusted_document_is_named(trusting: ServedHub) -> None:
    """As of any other."""
    graph = await trusting.caller()
    asked = {"documentId": sha256(TWO)}
    assert 422 == (await graph.post(asked)).status_code
    assert 200 == (await graph.post({**asked, "operationName": "B"})).status_code


async def test_an_identifier_nobody_knows_is_told_of(trusting: ServedHub) -> None:
    """By the code that Apollo's clients look for; the answer may not be kept."""
    graph = await trusting.caller()
    response = await get(graph, documentId=NOBODYS)
    [error] = response.json()["errors"]
    assert (404, "PERSISTED_QUERY_NOT_FOUND", "no-store") == (
        response.status_code,
        error["extensions"]["code"],
        response.headers["Cache-Control"],
    )
    assert "PersistedQueryNotFound" in error["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "md5:abc"},
        {"documentId": "sha256:xyz"},
        {"documentId": "../medicine"},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": NOBODYS}}},
        {"extensions": {"persistedQuery": {"sha256Hash": 1}}},
        {"extensions": {"persistedQuery": "x"}},
        {"query": OWN, "documentId": NOBODYS},
    ],
    ids=str,
)
async def test_an_identifier_that_is_none_is_refused(trusting: ServedHub, body: object) -> None:
    """Or that is not the one of the text beside it."""
    response = await (await trusting.caller()).post(body)
    assert (422, "BAD_ARGUMENT") == (response.status_code, response.json()["errors"][0]["extensions"]["code"])


async def test_a_client_registers_nothing(trusting: ServedHub) -> None:
    """The text beside its right identifier is run, and forgotten."""
    graph = await trusting.caller()
    text = "{ regions { totalCount } }"
    assert 200 == (await graph.post({"query": text, "documentId": sha256(text)})).status_code
    assert 404 == (await graph.post({"documentId": sha256(text)})).status_code


async def test_trust_opens_no_field(trusting: ServedHub) -> None:
    """The caller's rights are asked for as ever."""
    graph = await trusting.caller(Scope.REGION_READ)
    response = await get(graph, documentId=sha256(OWN))
    assert (403, "no-store") == (response.status_code, response.headers["Cache-Control"])
    assert 405 == (await get(graph, documentId=sha256(MUTATION))).status_code


async def test_a_hub_can_run_trusted_documents_only(sampled: Settings, folder: Path) -> None:
    """Another document is refused whatever it asks; a trusted one may come as text too."""
    settings = sampled.model_copy(update={"trusted_documents": folder, "trusted_only": True})
    async with served(settings) as hub:
        graph = await hub.caller()
        refused = await graph.post({"query": "{ __typename }"})
        assert (403, "DOCUMENT_NOT_TRUSTED") == (
            refused.status_code,
            refused.json()["errors"][0]["extensions"]["code"],
        )
        assert 200 == (await graph.post({"query": OWN})).status_code
        assert 200 == (await graph.post({"documentId": sha256(OWN)})).status_code


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    """The hub does not start: its operator means documents to be trusted."""
    with pytest.raises(SettingError):
        load_trusted(tmp_path / "nowhere", only=True)


@pytest.mark.parametrize("content", [b"\xff", b"#" * 300_000], ids=["no UTF-8", "too large"])
def test_a_file_that_cannot_be_a_document_is_told_of(tmp_path: Path, content: bytes) -> None:
    """By its name."""
    (tmp_path / "odd.graphql").write_bytes(content)
    with pytest.raises(SettingError, match=r"odd\.graphql"):
        load_trusted(tmp_path, only=False)


async def test_an_answer_that_a_client_holds_is_not_sent_again(trusting: ServedHub) -> None:
    """304 with nothing, as long as it is the same; a client may keep it for itself and asks each time."""
    graph = await trusting.caller()
    first = await get(graph, documentId=sha256(OWN))
    etag = first.headers["ETag"]
    assert "private, no-cache" == first.headers["Cache-Control"]
    assert {"accept", "accept-encoding", "authorization"} == set(first.headers["Vary"].lower().split(", "))
    for held in (etag, f'"x", {etag}', f"W/{etag}", "*"):
        again = await get(graph, {"If-None-Match": held}, documentId=sha256(OWN))
        assert (304, b"", etag) == (again.status_code, again.content, again.headers["ETag"])
    changed = await get(graph, {"If-None-Match": etag}, documentId=sha256(OWN), variables='{"first": 1}')
    assert (200, True) == (changed.status_code, changed.headers["ETag"] != etag)


async def test_a_tag_is_good_for_the_same_rights_and_bytes_only(trusting: ServedHub) -> None:
    """Fewer scopes, another media type or another coding: another tag."""
    whole, fewer = await trusting.caller(), await trusting.caller(Scope.REGISTRATION_READ)
    document = sha256(OWN)
    answers = [
        await get(whole, documentId=document),
        await get(fewer, documentId=document),
        await get(whole, {"Accept": "application/graphql-response+json"}, documentId=document),
        await get(whole, {"Accept-Encoding": "gzip"}, documentId=document),
    ]
    assert {200} == {answer.status_code for answer in answers}
    assert 4 == len({answer.headers["ETag"] for answer in answers})
    assert (
        200
        == (await get(fewer, {"If-None-Match": answers[0].headers["ETag"]}, documentId=document)).status_code
    )


async def test_only_whole_answers_to_trusted_documents_by_get_have_a_tag(trusting: ServedHub) -> None:
    """Not what came by POST, not any document of today."""
    graph = await trusting.caller()
    by_post = await graph.post({"documentId": sha256(OWN)})
    any_other = await get(graph, query="{ __typename }")
    assert ["no-store"] * 2 == [each.headers["Cache-Control"] for each in (by_post, any_other)]
    assert not [each for each in (by_post, any_other) if "ETag" in each.headers]


@pytest.mark.parametrize(
    ("accept", "coding"),
    [("gzip", "gzip"), ("zstd, gzip", "zstd"), ("gzip, zstd;q=0.5", "gzip"), ("*", "zstd"), ("br", None), ("", None),
     ("gzip;q=0", None), ("identity, gzip;q=0.5", None), ("gzip;q=2", None), ("*;q=0", None)],
)  # fmt: skip
async def test_an_answer_is_compressed_as_the_client_likes(
    trusting: ServedHub, accept: str, coding: str | None
) -> None:
    """The same data; the hub's favourite of those rated alike; as it is where nothing fits."""
    graph = await trusting.caller()
    response = await graph.post({"query": OWN}, **{"Accept-Encoding": accept})
    assert coding == response.headers.get("Content-Encoding")
    if coding != "zstd":  # httpx takes it apart with a package of its own
        assert response.json()["data"]["products"]["edges"]


async def test_what_is_small_or_refused_is_not_compressed(trusting: ServedHub) -> None:
    """It fits into one packet; and an error repeats what somebody wrote."""
    graph = await trusting.caller()
    small = await graph.post({"query": "{ __typename }"}, **{"Accept-Encoding": "gzip"})
    refused = await graph.post(
        {"query": "{" + " ".join(f"nope{n}" for n in range(30)) + "}"}, **{"Accept-Encoding": "gzip"}
    )
    assert len(refused.content) > 1400
    assert not [each for each in (small, refused) if "Content-Encoding" in each.headers]


async def test_confidential_answers_are_compressed_for_trusted_documents_only(trusting: ServedHub) -> None:
    """A length that hangs on content tells of it to whoever chose the text beside it (BREACH)."""
    graph = await trusting.caller(*READ_SCOPES, Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ)
    gzipped = {"Accept-Encoding": "gzip"}
    own = await graph.post({"query": OWN.replace("Own", "Mine")}, **gzipped)
    trusted = await graph.post({"documentId": sha256(OWN)}, **gzipped)
    assert (None, "gzip") == tuple(each.headers.get("Content-Encoding") for each in (own, trusted))


async def test_the_same_answer_is_packed_into_the_same_bytes(trusting: ServedHub) -> None:
    """Or a strong tag would lie."""
    graph = await trusting.caller()
    packed = []
    for _ in range(2):
        given = {"Authorization": f"Bearer {graph.token}", "Accept-Encoding": "gzip"}
        async with graph.http.stream(
            "GET", "/graphql", params={"documentId": sha256(OWN)}, headers=given
        ) as answer:
            packed.append(b"".join([part async for part in answer.aiter_raw()]))
    assert packed[0] == packed[1]
    assert b'{"data"' == gzip.decompress(packed[0])[:7]
