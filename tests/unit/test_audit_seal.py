"""Digests and signatures of the audit, cross-checked with the OpenSSL command line."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from hub.audit.chain import Chain, genesis
from hub.audit.checkpoint import make_checkpoint, read_checkpoint
from hub.audit.digest import DIGESTS, SHA256, SM3, Digest
from hub.audit.signature import ALGORITHMS, known_keys, load_or_create_signer, load_public_keys
from hub.audit.sm2 import SIGNER_ID
from hub.errors import SettingError
from tests.lib.hub import START

CONTENT = "短缺药品保供 some content".encode()
#: what each algorithm is to OpenSSL
_OPTIONS = {"es256": ["-sha256"], "sm2": ["-sm3", "-sigopt", f"distid:{SIGNER_ID.decode()}"]}

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")


def openssl(*arguments: str, given: bytes = b"") -> bytes:
    """What the command says; its failure fails the test."""
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


@needs_openssl
@pytest.mark.parametrize("digest", DIGESTS.values(), ids=lambda digest: digest.name)
def test_digests_are_those_of_openssl(digest: Digest) -> None:
    """Of some bytes, and of none."""
    for content in (CONTENT, b""):
        told = openssl("dgst", f"-{digest.name}", "-r", given=content)
        assert digest.of(content).hex() == told.split()[0].decode()


@needs_openssl
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_openssl_verifies_what_we_sign(algorithm: str, tmp_path: Path) -> None:
    """And refuses it for other content."""
    signer = load_or_create_signer(tmp_path / "keys", algorithm)
    signature = signer.sign(CONTENT)
    r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    (tmp_path / "public.pem").write_text(signer.public.pem)
    (tmp_path / "signature").write_bytes(encode_dss_signature(r, s))
    command = ["dgst", *_OPTIONS[algorithm], "-verify", str(tmp_path / "public.pem"), "-signature"]
    assert b"Verified OK" in openssl(*command, str(tmp_path / "signature"), given=CONTENT)
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*command, str(tmp_path / "signature"), given=CONTENT + b"!")


@needs_openssl
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_we_verify_what_openssl_signs(algorithm: str, tmp_path: Path) -> None:
    """With the key that we made, which OpenSSL reads."""
    signer = load_or_create_signer(tmp_path, algorithm)
    (key,) = tmp_path.glob("audit-*.pem")
    r, s = decode_dss_signature(openssl("dgst", *_OPTIONS[algorithm], "-sign", str(key), given=CONTENT))
    signature = r.to_bytes(32) + s.to_bytes(32)
    assert signer.public.verify(signature, CONTENT)
    assert not signer.public.verify(signature, CONTENT + b"!")
    assert not signer.public.verify(signature[:-1] + bytes([signature[-1] ^ 1]), CONTENT)
    assert not signer.public.verify(b"", CONTENT)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("digest", [SHA256, SM3], ids=lambda digest: digest.name)
def test_a_checkpoint_reads_as_it_was_made(algorithm: str, digest: Digest, tmp_path: Path) -> None:
    """Each pair of algorithms; the public key from its file alone verifies it, no other key does."""
    signer = load_or_create_signer(tmp_path / "ours", algorithm)
    chain = Chain(digest, "20260301T080000Z-abc")
    chain.append(chain.segment([b'{"n":1}', b'{"n":2}']))
    made = make_checkpoint(chain, START, signer)
    assert made == read_checkpoint(made.text)
    assert (2, chain.head, START, digest.name) == (made.number, made.head, made.made_at, made.digest_name)
    (tmp_path / "public.pem").write_text(signer.public.pem)
    assert made.is_signed(load_public_keys(tmp_path / "public.pem"))
    assert made.is_signed(known_keys(tmp_path / "ours"))
    other = load_or_create_signer(tmp_path / "theirs", algorithm)
    assert not made.is_signed(known_keys(tmp_path / "theirs"))
    forged = made.text.replace(".2.", ".3.", 1)
    assert not read_checkpoint(forged).is_signed(known_keys(tmp_path / "ours"))
    assert other.public.pem != signer.public.pem


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "20260301T080000Z-abc.2.1.md5.x.y.z", "é.1.1.sha256.a.b.c"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """By ValueError alone."""
    with pytest.raises(ValueError, match="no checkpoint"):
        read_checkpoint(text)


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """The newest signs; a retired one still verifies by its public half; another file is told by its name."""
    first = load_or_create_signer(tmp_path, "es256")
    assert first.public.pem == load_or_create_signer(tmp_path, "es256").public.pem
    assert 0o600 == (tmp_path / "audit-es256-0001.pem").stat().st_mode & 0o777
    (tmp_path / "audit-es256-0001.pem").write_text(first.public.pem)
    (tmp_path / "audit-es256-0002.pem").write_bytes(_new_key(tmp_path / "elsewhere"))
    second = load_or_create_signer(tmp_path, "es256")
    assert second.public.pem != first.public.pem
    assert 2 == len(known_keys(tmp_path))
    (tmp_path / "audit-es256-0003.pem").write_text("nothing")
    with pytest.raises(SettingError, match="audit-es256-0003"):
        load_or_create_signer(tmp_path, "es256")


def _new_key(folder: Path) -> bytes:
    load_or_create_signer(folder, "es256")
    return (folder / "audit-es256-0001.pem").read_bytes()


def test_chains_of_two_names_begin_differently() -> None:
    """A chain cannot be passed off as another."""
    assert genesis(SHA256, "a") != genesis(SHA256, "b") != genesis(SM3, "b")
