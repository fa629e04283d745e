"""The file of issuers: what is taken, what is refused by name, and what its claims come to mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.access.issuers_file import IssuerEntry, read_issuers
from hub.access.trusted_issuer import ClaimsError, TrustedIssuer
from hub.errors import SettingError
from schema.reach import NOWHERE, Reach, owners_of

ROOT = Path(__file__).parents[2]
OWN = "https://hub.example"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ENTRY: dict[str, Any] = {
    "name": "sso",
    "iss": "https://sso.example/realms/health",
    "jwks_uri": "https://sso.example/realms/health/protocol/openid-connect/certs",
    "audience": OWN,
    "scopes": ["region:read", "pharmacy:read"],
    "region": "440000",
}


def read(tmp_path: Path, *entries: Any) -> tuple[IssuerEntry, ...]:
    """The issuers of a file with these entries."""
    path = tmp_path / "issuers.yaml"
    path.write_text(yaml.safe_dump({"issuers": list(entries)}), "utf-8")
    return read_issuers(path, OWN)


def trusted(tmp_path: Path, **changes: Any) -> TrustedIssuer:
    """The one issuer of a file."""
    [entry] = read(tmp_path, ENTRY | changes)
    return entry.trusted(lambda: NOW)


def test_what_is_not_said_is_strict(tmp_path: Path) -> None:
    """ES256 and at+jwt alone, and no claim that says whose rows."""
    found = trusted(tmp_path)
    assert (("ES256",), ("at+jwt", "application/at+jwt")) == (found.algorithms, found.token_types)
    assert Reach("440000") == found.reach({"region": "110000"})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"iss": "http://sso.example"}, "iss"),
        ({"jwks_uri": "http://sso.example/certs"}, "jwks_uri"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"jwks_uri": "https://user:secret@sso.example/certs"}, "jwks_uri"),
        ({"algorithms": ["HS256"]}, "algorithms.0"),
        ({"algorithms": ["none"]}, "algorithms.0"),
        ({"algorithms": []}, "algorithms"),
        ({"token_type": "ID"}, "token_type"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["no:such"]}, "scopes.0"),
        ({"scopes": ["feed.pharmacy:write"]}, "feed.pharmacy:write"),
        ({"scopes": ["identity:judge"]}, "identity:judge"),
        ({"scopes": ["procurement.price.confidential:read"]}, "procurement.price.confidential:read"),
        ({"words": {"admin": ["access:approve"]}}, "access:approve"),
        ({"region": 440000}, "region"),
        ({"region": "44x"}, "region"),
        ({"region": None}, "region"),
        ({"name": "a@b"}, "name"),
        ({"audience": ""}, "audience"),
        ({"claims": {"roles": "x"}}, "claims.roles"),
        ({"keys_seconds": 600, "stale_seconds": 60}, "stale_seconds"),
        ({"secret": "x"}, "secret"),
        ({"iss": OWN}, OWN),
    ],
    ids=str,
)
def test_a_wrong_entry_is_told_by_name(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    """Entry and field, in both languages, and never the value of a field that may be a secret."""
    with pytest.raises(SettingError) as refused:
        read(tmp_path, ENTRY | changes)
    assert named in str(refused.value)
    assert "setting.issuers" == refused.value.code
    assert "secret@" not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Names and issuers twice, too."""
    with pytest.raises(SettingError) as refused:
        read(tmp_path, ENTRY, ENTRY, ENTRY | {"name": "B"}, {})
    text = str(refused.value)
    assert all(word in text for word in ("entry 3", "entry 4", "name sso", f"iss {ENTRY['iss']}"))


@pytest.mark.parametrize("text", ["[", "issuers: 5", "others: []", "- a", "\xff"])
def test_a_file_that_is_none_is_told_of(tmp_path: Path, text: str) -> None:
    """No YAML, another shape, no UTF-8, no file at all."""
    path = tmp_path / "issuers.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingError, match=r"issuers\.yaml"):
        read_issuers(path, OWN)
    with pytest.raises(SettingError, match=r"absent\.yaml"):
        read_issuers(tmp_path / "absent.yaml", OWN)


def test_a_claim_is_found_by_a_path(tmp_path: Path) -> None:
    """Keys with dots in them are written as a list; words of the issuer's own count for scopes."""
    found = trusted(
        tmp_path,
        claims={
            "client_id": "azp",
            "scopes": ["scope", ["resource_access", "https://hub.example", "roles"]],
            "organization": "baogong_organization",
        },
        words={"reader": ["region:read"]},
    )
    claims = {
        "azp": "chain-a",
        "scope": "openid",
        "resource_access": {"https://hub.example": {"roles": ["reader", "pharmacy:read", "feed:read"]}},
        "baogong_organization": "sender:chain-a",
    }
    assert "chain-a@sso" == found.client_id(claims)
    assert {"region:read", "pharmacy:read"} == found.granted(claims)
    assert Reach(None, owners_of(["sender:chain-a"])) == found.reach(claims)


def test_without_the_claim_that_says_whose_rows_there_are_none(tmp_path: Path) -> None:
    """Where the file names such a claim, a token that lacks it reaches nothing."""
    assert NOWHERE == trusted(tmp_path, claims={"region": "baogong_region"}).reach({})


@pytest.mark.parametrize("region", ["110000", "000000", "4400", 440000, ["440000"]])
def test_a_division_beyond_the_issuers_own_is_refused(tmp_path: Path, region: object) -> None:
    """Its neighbour, the country, and what is no code."""
    with pytest.raises(ClaimsError):
        trusted(tmp_path, claims={"region": "r"}).reach({"r": region})


@pytest.mark.parametrize(
    "claims", [{"typ": "ID"}, {"typ": "Refresh"}, {"nonce": "x"}, {"at_hash": "x"}], ids=str
)
def test_an_id_token_is_no_access_token(tmp_path: Path, claims: dict[str, Any]) -> None:
    """Where the type JWT has to be taken, its content tells them apart."""
    found = trusted(tmp_path, token_type="JWT")
    found.check_kind({"typ": "Bearer"})
    with pytest.raises(ClaimsError, match="typ"):
        found.check_kind(claims)


def test_the_example_of_the_documents_is_taken(tmp_path: Path) -> None:
    """What docs/security.md shows for Keycloak is a file that works."""
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    path = tmp_path / "issuers.yaml"
    path.write_text(text.partition("```yaml\n")[2].partition("```")[0], "utf-8")
    [entry] = read_issuers(path, OWN)
    found = entry.trusted(lambda: NOW)
    assert {"pharmacy:read", "region:read"} == found.granted(
        {"scope": "openid profile", "resource_access": {"baogong": {"roles": ["hub-pharmacies"]}}}
    )
