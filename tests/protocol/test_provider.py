"""Signing in at an OpenID provider: whom it names for certain is signed in, if an account here is theirs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.access.provider import ProviderSettings, provider_settings
from hub.access.sign_in_errors import PROVIDER, UNKNOWN_SUBJECT
from hub.clock import system_clock
from hub.config import Settings
from hub.errors import SettingError
from tests.lib.openid import ISSUER, SmallProvider
from tests.lib.openid_server import SECRET, openid_server, sign_in_there
from tests.lib.people import ORIGIN, PeopleHub, Visitor, notice, people_hub, visiting

CALLBACK = "/oauth/provider/callback"


@pytest.fixture
async def hub(people_settings: Settings) -> AsyncIterator[PeopleHub]:
    """A hub for people."""
    async with people_hub(people_settings) as subject:
        yield subject


@pytest.fixture
def provider(hub: PeopleHub) -> SmallProvider:
    """The provider."""
    return SmallProvider(hub.clock)


@pytest.fixture
async def visitor(hub: PeopleHub, provider: SmallProvider) -> AsyncIterator[Visitor]:
    """The browser of Li Hua, whom the provider knows, and who has no password here."""
    await hub.add("li.hua", oidc_subject="subject-1")
    app = hub.app(provider.settings(ORIGIN), client=provider.client)
    async with visiting(app) as browser:
        yield browser


async def leave(visitor: Visitor, **changes: str | None) -> str:
    """Where the browser is sent that chooses the provider."""
    answer = await visitor.http.get(f"/oauth/provider?{visitor.query(**changes)}")
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location


async def come_back(visitor: Visitor, parameters: dict[str, str]) -> Any:
    """What the hub answers to the browser that comes back from the provider."""
    visitor.page = await visitor.http.get(CALLBACK, params=parameters)
    return visitor.page


async def test_the_page_offers_the_provider(visitor: Visitor) -> None:
    """A link with its name, beside the password."""
    page = (await visitor.open()).text
    assert "用 id.example 登录" in page
    assert 'name="password"' in page


async def test_whom_the_provider_names_is_signed_in(
    hub: PeopleHub, provider: SmallProvider, visitor: Visitor
) -> None:
    """The command line is let in on a page of ours; the token is that of the account with this `sub`."""
    back = provider.visit(await leave(visitor))
    assert {name: provider.asked[name] for name in ("realm", "scope", "client_id", "redirect_uri")} == {
        "realm": "gov",
        "scope": "openid",
        "client_id": "baogong",
        "redirect_uri": f"{ORIGIN}{CALLBACK}",
    }
    assert "baogong login" in (await come_back(visitor, back)).text
    await visitor.fill()
    answer = (await visitor.exchange(visitor.returned()["code"])).json()
    assert answer["account"]["user_name"] == "li.hua"
    assert provider.shown["authorization"] == "baogong:s%2Bcret+%25"
    assert hub.names() == ["people:sign_in:succeeded provider", "people:code:issued"]


async def test_the_query_page_gets_its_code_at_once(provider: SmallProvider, visitor: Visitor) -> None:
    """It is on the hub's own origin: nobody else can play it."""
    visitor.client_id, visitor.redirect_uri = "baogong-page", f"{ORIGIN}/"
    back = provider.visit(await leave(visitor))
    await come_back(visitor, back)
    assert (await visitor.exchange(visitor.returned()["code"])).status_code == 200


#: what the provider, or somebody between, does wrongly
_WRONG: dict[str, Callable[[SmallProvider], None]] = {
    "another audience": lambda it: it.claims.update(aud="other"),
    "others in the audience, and nobody meant": lambda it: it.claims.update(aud=["baogong", "other"]),
    "another meant": lambda it: it.claims.update(azp="other"),
    "no audience": lambda it: it.claims.update(aud=None),
    "another issuer": lambda it: it.claims.update(iss="https://evil.example"),
    "no nonce": lambda it: it.claims.update(nonce=None),
    "another nonce": lambda it: it.claims.update(nonce="other"),
    "over": lambda it: it.claims.update(exp=1),
    "no end": lambda it: it.claims.update(exp=None),
    "from the future": lambda it: it.claims.update(iat=9_999_999_999),
    "nobody": lambda it: it.claims.update(sub=None),
    "a number for a name": lambda it: it.claims.update(sub=5),
    "an empty name": lambda it: it.claims.update(sub=""),
    "a shared key": lambda it: setattr(it, "algorithm", "HS256"),
    "no signature": lambda it: setattr(it, "algorithm", "none"),
    "a key that is not its": lambda it: setattr(it, "is_forged", True),
    "refuses the code": lambda it: setattr(it, "status", 400),
    "fails": lambda it: setattr(it, "status", 500),
    "away": lambda it: setattr(it, "is_away", True),
    "another name": lambda it: it.discovery.update(issuer="https://evil.example"),
    "keys in the open": lambda it: it.discovery.update(jwks_uri="http://id.example/jwks"),
    "no way to show the secret": lambda it: it.discovery.update(
        token_endpoint_auth_methods_supported=["private_key_jwt"]
    ),
}


@pytest.mark.parametrize("wrong", _WRONG)
async def test_whom_it_does_not_name_for_certain_is_not(
    hub: PeopleHub,
    provider: SmallProvider,
    visitor: Visitor,
    wrong: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One sentence for the person, the reason in the log, and no session."""
    back = provider.visit(await leave(visitor))
    _WRONG[wrong](provider)
    with caplog.at_level(logging.WARNING):
        answer = await come_back(visitor, back)
    assert (answer.status_code, notice(answer.text)) == (502, str(PROVIDER.message))
    assert "The OpenID provider:" in caplog.text
    assert hub.events == []
    assert 'name="user_name"' in (await visitor.open()).text


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "other"},
        {"state": ""},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"code": None, "error": "access_denied"},
    ],
)
async def test_an_answer_to_another_question_is_not_taken(
    provider: SmallProvider, visitor: Visitor, changes: dict[str, str | None]
) -> None:
    """Another state, another provider, a refusal."""
    back: dict[str, str | None] = {**provider.visit(await leave(visitor)), **changes}
    given = {name: value for name, value in back.items() if value is not None}
    assert (await come_back(visitor, given)).status_code == 502


async def test_another_browser_cannot_use_the_answer(
    hub: PeopleHub, provider: SmallProvider, visitor: Visitor
) -> None:
    """Without the cookie of the browser that left, or with a false one, nobody is signed in; nor a second time."""
    back = provider.visit(await leave(visitor))
    app = hub.app(provider.settings(ORIGIN), client=provider.client)
    async with visiting(app) as other:
        assert (await come_back(other, back)).status_code == 400
        other.http.cookies.set("baogong-provider", "x" * 100, path="/oauth/provider")
        assert (await come_back(other, back)).status_code == 502
    assert (await come_back(visitor, back)).status_code == 200
    assert (await come_back(visitor, back)).status_code == 400


async def test_somebody_without_an_account_is_told(
    hub: PeopleHub, provider: SmallProvider, visitor: Visitor
) -> None:
    """The provider knows them, the hub does not: no account is made."""
    provider.claims["sub"] = "somebody-else"
    answer = await come_back(visitor, provider.visit(await leave(visitor)))
    assert (answer.status_code, notice(answer.text)) == (403, str(UNKNOWN_SUBJECT.message))
    assert hub.names() == ["people:sign_in:failed unknown_subject"]


async def test_a_wrong_request_does_not_reach_the_provider(visitor: Visitor) -> None:
    """What the application asks for is checked before, and what the provider brings back again."""
    answer = await visitor.http.get(f"/oauth/provider?{visitor.query(redirect_uri='https://evil.example/')}")
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": ISSUER},
        {"oidc_issuer": ISSUER, "oidc_client_id": "baogong"},
        {"oidc_client_secret": "x"},
        {"oidc_issuer": "http://id.example", "oidc_client_id": "baogong", "oidc_client_secret": "x"},
    ],
)
def test_settings_that_make_no_sense_are_told(given: dict[str, Any], tmp_path: Path) -> None:
    """All three together, and TLS."""
    with pytest.raises(SettingError) as error:
        provider_settings(Settings(data_dir=tmp_path, **given))
    assert error.value.code == "setting.oidc"


async def test_a_provider_that_others_made_signs_people_in(hub: PeopleHub, tmp_path: Path) -> None:
    """`oidc-provider`, certified by the OpenID Foundation: discovery, PKCE, nonce, the secret in a Basic header."""
    hub.clock.now = system_clock()
    await hub.add("li.hua", oidc_subject="subject-1")
    callback = f"{ORIGIN}{CALLBACK}"
    with openid_server(tmp_path, callback) as issuer:
        settings = ProviderSettings(issuer, "baogong", SECRET, ORIGIN)
        async with visiting(hub.app(settings)) as visitor:
            visitor.client_id, visitor.redirect_uri = "baogong-page", f"{ORIGIN}/"
            address = await leave(visitor)
            back = await asyncio.to_thread(sign_in_there, address, "subject-1", callback)
            visitor.page = await visitor.http.get(back)
            answer = await visitor.exchange(visitor.returned()["code"])
    assert answer.json()["account"]["user_name"] == "li.hua"
