"""Pushes of a client that has registered a key: signed by RFC 9421 (here by hand, without a library), or not taken."""

import asyncio
import base64
import time
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.access.signatures import import_key
from hub.access.store import revoke_key
from hub.clock import system_clock
from schema.scopes import Scope
from tests.lib.command import answer, baogong
from tests.lib.graph import GraphCaller, ServedHub
from tests.lib.samples import stores

BODY = stores("S1").encode()
COVERED = ("@method", "@authority", "@path", "content-digest")


class Signer:
    """A client's program that signs: the text of section 2.5, put together by hand."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        public = self._key.public_key()
        self.key_id, self.pem = import_key(
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    def headers(
        self,
        authority: str,
        path: str,
        body: bytes,
        covered: tuple[str, ...] = COVERED,
        age: int = 0,
        as_of: str | None = None,
    ) -> dict[str, str]:
        """The headers of a signed push."""
        digest = f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"
        values = {
            "@method": "POST",
            "@authority": authority,
            "@path": path,
            "content-digest": digest,
            "as-of": as_of or "",
        }
        names = " ".join(f'"{name}"' for name in covered)
        parameters = f'({names});created={int(time.time()) - age};keyid="{self.key_id}"'
        lines = [f'"{name}": {values[name]}' for name in covered] + [f'"@signature-params": {parameters}']
        signature = base64.b64encode(self._key.sign("\n".join(lines).encode())).decode()
        given = {
            "Content-Digest": digest,
            "Content-Type": "text/csv",
            "Signature-Input": f"sig={parameters}",
            "Signature": f"sig=:{signature}:",
        }
        return given | ({"As-Of": as_of} if as_of else {})


@pytest.fixture
def signer() -> Signer:
    """The client's program."""
    return Signer()


@pytest.fixture
async def chain(own_hub: ServedHub, signer: Signer) -> GraphCaller:
    """A client bound to the sender chain-a, whose key is registered."""
    return await own_hub.caller(Scope.FEED_PHARMACY_WRITE, sender="chain-a", key=(signer.key_id, signer.pem))


def authority_of(caller: GraphCaller) -> str:
    """Where the caller sends to."""
    return str(caller.http.base_url.netloc.decode())


async def push(caller: GraphCaller, headers: dict[str, str], body: bytes = BODY) -> httpx.Response:
    """Push with these headers."""
    authorization = {"Authorization": f"Bearer {caller.token}"}
    return await caller.http.post("/feeds/pharmacy", content=body, headers=authorization | headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a push that was not taken."""
    return answer.status_code, answer.json()["error"]


async def test_a_signed_push_is_taken_and_sent_again_a_repeat(chain: GraphCaller, signer: Signer) -> None:
    """The very same request within its time changes nothing."""
    headers = signer.headers(authority_of(chain), "/feeds/pharmacy", BODY)
    first, again = await push(chain, headers), await push(chain, headers)
    assert [(200, False), (200, True)] == [
        (each.status_code, each.json()["repeat"]) for each in (first, again)
    ]


async def test_without_a_signature_nothing_is_taken(
    own_hub: ServedHub, chain: GraphCaller, signer: Signer
) -> None:
    """403, and the answer says what must be signed."""
    headers = signer.headers(authority_of(chain), "/feeds/pharmacy", BODY)
    bare = {name: value for name, value in headers.items() if not name.startswith("Signature")}
    told = await push(chain, bare)
    assert (403, "push.signature") == refusal(told)
    assert '"content-digest"' in told.headers["accept-signature"]
    assert 0 == await own_hub.connection.fetchval("SELECT count(*) FROM batch WHERE feed_code = 'pharmacy'")


async def test_another_body_another_place_an_old_time_and_a_foreign_key_are_refused(
    chain: GraphCaller, signer: Signer
) -> None:
    """Nothing that was signed can be used for anything else."""
    here = authority_of(chain)
    other = stores("S2").encode()
    digest_of_other = Signer().headers(here, "/feeds/pharmacy", other)["Content-Digest"]
    for headers, body in (
        (signer.headers(here, "/feeds/pharmacy", BODY) | {"Content-Digest": digest_of_other}, other),
        (signer.headers(here, "/feeds/production", BODY), BODY),
        (signer.headers("other.example", "/feeds/pharmacy", BODY), BODY),
        (signer.headers(here, "/feeds/pharmacy", BODY, age=600), BODY),
        (signer.headers(here, "/feeds/pharmacy", BODY, age=-600), BODY),
        (signer.headers(here, "/feeds/pharmacy", BODY, COVERED[:3]), BODY),
        (Signer().headers(here, "/feeds/pharmacy", BODY), BODY),
    ):
        assert (403, "push.signature") == refusal(await push(chain, headers, body))


async def test_the_instant_is_signed_too(chain: GraphCaller, signer: Signer) -> None:
    """What a file is about must not be changed on the way, nor added."""
    here = authority_of(chain)
    plain = signer.headers(here, "/feeds/pharmacy", BODY)
    assert (403, "push.signature") == refusal(await push(chain, plain | {"As-Of": "2026-01-01"}))
    whole = signer.headers(here, "/feeds/pharmacy", BODY, (*COVERED, "as-of"), as_of="2026-01-01")
    assert (403, "push.signature") == refusal(await push(chain, whole | {"As-Of": "2026-01-02"}))
    assert 200 == (await push(chain, whole)).status_code


async def test_a_revoked_key_opens_nothing_and_signing_stays_needed(
    own_hub: ServedHub, chain: GraphCaller, signer: Signer
) -> None:
    """Within seconds; leaving the signature out does not help."""
    await revoke_key(own_hub.connection, signer.key_id, system_clock())
    headers = signer.headers(authority_of(chain), "/feeds/pharmacy", BODY)
    for _ in range(100):
        if (told := await push(chain, headers)).status_code != 200:
            break
        await asyncio.sleep(0.1)
    bare = {name: value for name, value in headers.items() if not name.startswith("Signature")}
    for answered in (told, await push(chain, bare)):
        assert (403, "push.signature") == refusal(answered)


def test_keys_are_added_listed_and_revoked_by_command(data: Path, tmp_path: Path) -> None:
    """By PEM file; no key twice, none for nobody, and no nonsense."""
    options = [
        "--region",
        "000000",
        "--client-id",
        "chain-a",
        "--scope",
        "feed.pharmacy:write",
        "--sender",
        "chain-a",
    ]
    baogong(data, "client", "add", "某连锁", *options)
    path = tmp_path / "key.pem"
    signer = Signer()
    path.write_text(signer.pem)
    added = answer(baogong(data, "client", "key", "add", "chain-a", path, "--json"))
    assert signer.key_id == added["key_id"]
    assert 1 == baogong(data, "client", "key", "add", "chain-a", path).returncode
    path.write_text(Signer().pem)
    assert 1 == baogong(data, "client", "key", "add", "nobody", path).returncode
    path.write_text("nonsense")
    assert 2 == baogong(data, "client", "key", "add", "chain-a", path).returncode
    assert 0 == baogong(data, "client", "key", "revoke", signer.key_id).returncode
    assert 1 == baogong(data, "client", "key", "revoke", "nothing").returncode
    [listed] = answer(baogong(data, "client", "key", "list", "--json"))
    assert (signer.key_id, True) == (listed["key_id"], listed["revoked_at"] is not None)
