"""Signatures of requests: the RFC's own example, made by others, and all that must not pass for one."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.access.signatures import SignatureError, SignedRequest, import_key, verify

#: RFC 9421, appendix B.1.4
RFC_KEY = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
"""
RFC_KEYS = {"test-key-ed25519": RFC_KEY}
RFC_COVERED = ("date", "@method", "@path", "@authority", "content-type", "content-length")
#: RFC 9421, appendix B.2.6
RFC_HEADERS = {
    "Host": "example.com",
    "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "Content-Type": "application/json",
    "Content-Length": "18",
    "Signature-Input": 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"',
    "Signature": "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u"
    "02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
}


def request(method: str = "POST", url: str = "https://example.com/foo", **headers: str) -> SignedRequest:
    """The RFC's request, with other headers."""
    others = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest(method, url, RFC_HEADERS | others)


def test_the_rfcs_example_is_verified() -> None:
    """Signed by its authors, years ago."""
    assert "test-key-ed25519" == verify(request(), RFC_KEYS, RFC_COVERED, None)


@pytest.mark.parametrize(
    "changed",
    [
        request(method="PUT"),
        request(url="https://example.com/bar"),
        request(url="https://example.org/foo"),
        request(Content_Type="text/csv"),
        request(Signature="sig-b26=:AAAA:"),
        request(Signature="nonsense"),
        request(Signature=""),
        request(Signature_Input=RFC_HEADERS["Signature-Input"].replace("1618884473", "1618884474")),
        request(Signature_Input=RFC_HEADERS["Signature-Input"].replace("test-key-ed25519", "other")),
        request(Signature_Input=RFC_HEADERS["Signature-Input"] + ';alg="hmac-sha256"'),
    ],
)
def test_whatever_is_changed_the_signature_does_not_hold(changed: SignedRequest) -> None:
    """Method, place, header, time, key, algorithm, or the signature itself."""
    with pytest.raises(SignatureError):
        verify(changed, RFC_KEYS, RFC_COVERED, None)


def test_what_must_be_covered_must_be_covered() -> None:
    """The RFC's example leaves the digest out, and is old."""
    with pytest.raises(SignatureError, match="content-digest"):
        verify(request(), RFC_KEYS, ("content-digest",), None)
    with pytest.raises(SignatureError, match="age"):
        verify(request(), RFC_KEYS, RFC_COVERED)


def test_without_a_key_nothing_holds() -> None:
    """Nobody's signature is no signature."""
    with pytest.raises(SignatureError):
        verify(request(), {}, RFC_COVERED, None)


def test_a_keys_id_follows_from_the_key() -> None:
    """However it is written down."""
    assert import_key(RFC_KEY.encode()) == import_key(RFC_KEY.strip().replace("\n", "\r\n").encode())


@pytest.mark.parametrize("key", [generate_ec(SECP384R1()), generate_rsa(65537, 2048)])
def test_other_kinds_of_keys_are_refused(key: EllipticCurvePrivateKey | RSAPrivateKey) -> None:
    """Two kinds are enough, and both are short."""
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ValueError, match="Ed25519"):
        import_key(pem)


@pytest.mark.parametrize("text", [b"", b"nonsense", b"\xff\xfe", RFC_KEY.replace("MCow", "MCox").encode()])
def test_what_is_no_key_is_told(text: bytes) -> None:
    """In a sentence."""
    with pytest.raises(ValueError, match=r"PEM|Ed25519"):
        import_key(text)


def test_a_p256_key_is_taken() -> None:
    """As many machines have them."""
    pem = generate_ec(SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert 64 == len(import_key(pem)[0])
