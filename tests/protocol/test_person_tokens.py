"""Codes and refresh tokens of people: what is wrong in any way gives no token, and never an error of ours."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from starlette.applications import Starlette

from hub.access.sign_in_errors import FORM
from hub.config import Settings
from schema.reach import Reach
from schema.scopes import Scope
from tests.lib.people import (
    ORIGIN,
    PASSWORD,
    RECOVERY,
    REDIRECT,
    PeopleHub,
    Visitor,
    hidden,
    notice,
    people_hub,
    pkce,
    visiting,
)


@pytest.fixture
async def hub(people_settings: Settings) -> AsyncIterator[PeopleHub]:
    """A hub for people."""
    async with people_hub(people_settings) as subject:
        yield subject


@pytest.fixture
async def app(hub: PeopleHub) -> Starlette:
    """What it serves."""
    return hub.app()


@pytest.fixture
async def visitor(hub: PeopleHub, app: Starlette) -> AsyncIterator[Visitor]:
    """The browser of Li Hua, who has signed in before."""
    async with visiting(app) as browser:
        browser.totp_secret = await hub.add_enrolled("li.hua")
        yield browser


@pytest.fixture
async def code(hub: PeopleHub, visitor: Visitor) -> str:
    """A fresh code."""
    await visitor.sign_in("li.hua", hub.clock)
    return visitor.returned()["code"]


def refused(answer: httpx.Response) -> str:
    """The error of an answer that is no success and has no token in it."""
    assert answer.status_code in (400, 401), answer.text
    assert "access_token" not in answer.text
    error: str = answer.json()["error"]
    return error


# --- the authorization endpoint -----------------------------------------------------------------------------

#: what is wrong: changes of the request, and how it is told: to the person (None), or to the application
_ASKED_WRONG: dict[str, tuple[dict[str, str | None], str | None]] = {
    "no application": ({"client_id": None}, None),
    "unknown application": ({"client_id": "evil"}, None),
    "a name that is none": ({"client_id": "\u79d8\u5bc6\r\nSet-Cookie: a=b"}, None),
    "no redirect": ({"redirect_uri": None}, None),
    "another site": ({"redirect_uri": "https://evil.example/callback"}, None),
    "another host by its name": ({"redirect_uri": "http://127.0.0.1.evil.example:80/callback"}, None),
    "userinfo": ({"redirect_uri": "http://127.0.0.1:80@evil.example/callback"}, None),
    "another path": ({"redirect_uri": "http://127.0.0.1:80/other"}, None),
    "a longer path": ({"redirect_uri": f"{REDIRECT}/../other"}, None),
    "a query": ({"redirect_uri": f"{REDIRECT}?next=https://evil.example"}, None),
    "a fragment": ({"redirect_uri": f"{REDIRECT}#x"}, None),
    "a port that cannot be": ({"redirect_uri": "http://127.0.0.1:70000/callback"}, None),
    "localhost, which may be elsewhere": ({"redirect_uri": "http://localhost:80/callback"}, None),
    "a header in the redirect": ({"redirect_uri": f"{REDIRECT}\r\nLocation: https://evil.example"}, None),
    "a script": ({"redirect_uri": "javascript:alert(1)"}, None),
    "not ASCII": ({"redirect_uri": "http://127.0.0.1:80/\u56de"}, None),
    "the page's redirect": ({"redirect_uri": f"{ORIGIN}/"}, None),
    "the page elsewhere": ({"client_id": "baogong-page", "redirect_uri": "https://evil.example/"}, None),
    "a header in the state": ({"state": "a\r\nSet-Cookie: evil=1"}, None),
    "a long state": ({"state": "x" * 1025}, None),
    "a quoted scope": ({"scope": 'region:read"'}, None),
    "a long request": ({"nonce": "x" * 5000}, None),
    "an implicit token": ({"response_type": "token"}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "unsupported_response_type"),
    "an unknown scope": ({"scope": "no:such"}, "invalid_scope"),
    "no PKCE": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "PKCE by default, which is plain": ({"code_challenge_method": None}, "invalid_request"),
    "plain PKCE": ({"code_challenge_method": "plain"}, "invalid_request"),
    "a method without challenge": ({"code_challenge": None}, "invalid_request"),
    "a short challenge": ({"code_challenge": "short"}, "invalid_request"),
    "a challenge that is none": ({"code_challenge": "=" * 43}, "invalid_request"),
}


@pytest.mark.parametrize("wrong", _ASKED_WRONG)
async def test_a_wrong_request_leads_nowhere(visitor: Visitor, wrong: str) -> None:
    """A page says so; the browser is sent back only to an application that is known, with an error and no code."""
    changes, error = _ASKED_WRONG[wrong]
    answer = await visitor.open(**changes)
    if error is None:
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert notice(answer.text)
        assert "evil" not in str(answer.headers)
    else:
        assert (answer.status_code, answer.headers["location"].startswith(f"{REDIRECT}?")) == (303, True)
        returned = visitor.returned()
        assert (returned["error"], returned["iss"], returned["state"]) == (error, ORIGIN, "a state")
        assert "code" not in returned


@pytest.mark.parametrize(
    "query", ["", "%ff", "client_id=a&client_id=b", "\u00ff", "&".join(["a=b"] * 40), "state=%00"]
)
async def test_an_address_that_is_no_form_is_told(visitor: Visitor, query: str) -> None:
    """Bytes that are no UTF-8, a parameter twice, too many: a page with a sentence."""
    answer = await visitor.http.get(f"/oauth/authorize?{query}")
    assert (answer.status_code, notice(answer.text) != "") == (400, True)


@pytest.mark.parametrize("state", ['{"a": "b"}', "a&b=c#d%0d%0a", "<script>", "\\", "~" * 1024])
async def test_the_state_comes_back_as_it_was(hub: PeopleHub, visitor: Visitor, state: str) -> None:
    """Whatever is in it, it is data: in the page, in the form and in the address."""
    answer = await visitor.sign_in("li.hua", hub.clock, state=state)
    assert visitor.returned()["state"] == state
    assert answer.headers["location"].isprintable()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    """GET shows and POST does; there is nothing else."""
    assert (await visitor.http.request(method, "/oauth/authorize")).status_code == 405


@pytest.mark.parametrize(
    ("redirect_uri", "client_id"),
    [
        ("http://127.0.0.1:1/callback", "baogong-cli"),
        ("http://[::1]:65535/callback", "baogong-cli"),
        (f"{ORIGIN}/", "baogong-page"),
    ],
)
async def test_the_applications_own_addresses_are_taken(
    visitor: Visitor, redirect_uri: str, client_id: str
) -> None:
    """Any port of the loopback interface for the command line; the hub's front page for the query page."""
    answer = await visitor.open(redirect_uri=redirect_uri, client_id=client_id)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert f"form-action 'self' {redirect_uri.rpartition('/')[0]}" in policy


# --- the forms ----------------------------------------------------------------------------------------------


async def test_the_pages_keep_other_sites_out(visitor: Visitor) -> None:
    """No scripts, no frames, nothing cached; a cookie for /oauth alone, and for no other site's request."""
    answer = await visitor.open()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.headers["Set-Cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Secure-baogong=")
    assert parts == {"httponly", "path=/oauth", "samesite=strict", "secure"}


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"token": ""}, {}),
        ({"token": "x" * 43}, {}),
        ({"token": "\u79d8"}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Cookie": "__Secure-baogong=" + "x" * 43}),
        ({}, {"Cookie": ""}),
    ],
)
async def test_a_form_of_another_site_is_not_taken(
    hub: PeopleHub, visitor: Visitor, fields: dict[str, str], headers: dict[str, str]
) -> None:
    """Without the page's own token, of another origin, or with another cookie: right credentials do nothing."""
    page = await visitor.open()
    form = hidden(page.text) | {"user_name": "li.hua", "password": PASSWORD} | fields
    if "Cookie" in headers:
        visitor.http.cookies.clear()
    answer = await visitor.http.post("/oauth/authorize", data=form, headers=headers)
    assert (answer.status_code, notice(answer.text)) == (400, str(FORM.message))
    assert hub.events == []


@pytest.mark.parametrize(
    "form",
    [
        {"content": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": b"step=password"},
        {"json": {"step": "password"}},
        {"files": {"step": (None, "password")}},
        {"content": b"%ff=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": b"a=" + b"b" * 20_000, "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"data": {"step": "password"}, "params": {"step": "password"}},
    ],
)
async def test_what_is_no_form_of_ours_is_refused(visitor: Visitor, form: dict[str, Any]) -> None:
    """A page with a sentence, whatever was sent."""
    answer = await visitor.http.post("/oauth/authorize", **form)
    assert (answer.status_code, notice(answer.text) != "") == (400, True)


@pytest.mark.parametrize(
    "step", ["continue", "enrol", "new_password", "second_factor", "done", "", "__init__"]
)
async def test_no_step_can_be_left_out(hub: PeopleHub, visitor: Visitor, step: str) -> None:
    """Neither before the password nor between it and the code does any other step lead on."""
    fields = {"step": step, "code": "000000", "old": PASSWORD, "new": "x" * 12, "again": "x" * 12}
    await visitor.open()
    before = await visitor.fill(**fields)
    await visitor.open()
    await visitor.fill(user_name="li.hua", password=PASSWORD)
    between = await visitor.fill(**fields)
    assert {before.status_code, between.status_code} <= {400, 403}
    assert "people:code:issued" not in hub.names()


# --- the token endpoint -------------------------------------------------------------------------------------

_EXCHANGED_WRONG: dict[str, tuple[dict[str, str], str]] = {
    "another verifier": ({"code_verifier": pkce()[0]}, "invalid_grant"),
    "no verifier": ({"code_verifier": ""}, "invalid_request"),
    "the challenge as verifier": ({"code_verifier": "challenge"}, "invalid_grant"),
    "a verifier that is none": ({"code_verifier": "\u79d8" * 43}, "invalid_request"),
    "another port": ({"redirect_uri": "http://127.0.0.1:43211/callback"}, "invalid_grant"),
    "the other loopback": ({"redirect_uri": "http://[::1]:43210/callback"}, "invalid_grant"),
    "no redirect": ({"redirect_uri": ""}, "invalid_grant"),
    "the other application": ({"client_id": "baogong-page"}, "invalid_grant"),
    "an unknown application": ({"client_id": "evil"}, "invalid_client"),
    "no application": ({"client_id": ""}, "invalid_client"),
    "a secret": ({"client_secret": "x"}, "invalid_client"),
    "another code": ({"code": "x" * 43}, "invalid_grant"),
    "a code that is none": ({"code": "\u79d8\u0000"}, "invalid_grant"),
    "no code": ({"code": ""}, "invalid_request"),
    "another grant": ({"grant_type": "client_credentials"}, "invalid_client"),
    "a grant that is none": ({"grant_type": "implicit"}, "unsupported_grant_type"),
}


@pytest.mark.parametrize("wrong", _EXCHANGED_WRONG)
async def test_a_wrong_exchange_gives_no_token(visitor: Visitor, code: str, wrong: str) -> None:
    """The code is bound to verifier, redirect and application; empty parameters are missing ones."""
    changes, error = _EXCHANGED_WRONG[wrong]
    if changes.get("code_verifier") == "challenge":
        changes = {"code_verifier": parse_qs(visitor.query())["code_challenge"][0]}
    form = {"code": code} | changes
    given = {name: value for name, value in form.items() if name != "code"}
    assert refused(await visitor.exchange(form["code"], **given)) == error


async def test_a_code_that_was_shown_wrongly_is_used_up(visitor: Visitor, code: str) -> None:
    """Nobody has a second try at the verifier."""
    assert refused(await visitor.exchange(code, code_verifier=pkce()[0])) == "invalid_grant"
    assert refused(await visitor.exchange(code)) == "invalid_grant"


async def test_a_code_shown_twice_ends_what_came_of_it(hub: PeopleHub, visitor: Visitor, code: str) -> None:
    """Somebody else has it: no second token, and the first refresh token is worthless with its access token."""
    first = (await visitor.exchange(code)).json()
    assert refused(await visitor.exchange(code)) == "invalid_grant"
    assert refused(await visitor.refresh(first["refresh_token"])) == "invalid_grant"
    assert await hub.pool.fetchval("SELECT count(*) FROM access_revocation") == 1
    assert "people:code:replayed" in hub.names()


async def test_a_code_is_over_after_a_minute(hub: PeopleHub, visitor: Visitor, code: str) -> None:
    """Sixty seconds, and it is nothing."""
    hub.clock.turn(seconds=60)
    assert refused(await visitor.exchange(code)) == "invalid_grant"


async def test_a_refresh_token_is_good_once(hub: PeopleHub, visitor: Visitor, code: str) -> None:
    """Each gives the next; one shown again ends the family, the newest token too."""
    first = (await visitor.exchange(code)).json()["refresh_token"]
    second = (await visitor.refresh(first)).json()["refresh_token"]
    third = (await visitor.refresh(second)).json()["refresh_token"]
    assert len({first, second, third}) == 3
    assert refused(await visitor.refresh(second)) == "invalid_grant"
    assert refused(await visitor.refresh(third)) == "invalid_grant"
    assert hub.names().count("people:refresh:replayed") == 1
    assert await hub.pool.fetchval("SELECT count(*) FROM access_revocation") == 3


async def test_a_refresh_token_is_its_applications_own(visitor: Visitor, code: str) -> None:
    """Another application gets nothing for it, cannot end it, and does not use it up."""
    token = (await visitor.exchange(code)).json()["refresh_token"]
    assert refused(await visitor.refresh(token, client_id="baogong-page")) == "invalid_grant"
    other = {"token": token, "client_id": "baogong-page"}
    assert refused(await visitor.http.post("/oauth/revoke", data=other)) == "invalid_grant"
    assert (await visitor.refresh(token)).status_code == 200


async def test_idleness_and_age_end_a_family(hub: PeopleHub, visitor: Visitor, code: str) -> None:
    """Half an hour of rest, or eight hours of work."""
    token = (await visitor.exchange(code)).json()["refresh_token"]
    hours = 0.0
    while (answer := await visitor.refresh(token)).status_code == 200:
        token = answer.json()["refresh_token"]
        hub.clock.turn(minutes=29)
        hours += 29 / 60
    assert (refused(answer), 8 <= hours < 8.5) == ("invalid_grant", True)
    await visitor.sign_in("li.hua", hub.clock)
    token = (await visitor.exchange(visitor.returned()["code"])).json()["refresh_token"]
    hub.clock.turn(minutes=30)
    assert refused(await visitor.refresh(token)) == "invalid_grant"


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\u79d8\u0000"])
async def test_what_is_no_refresh_token_gives_nothing(visitor: Visitor, token: str) -> None:
    """Nothing, and nothing breaks."""
    assert refused(await visitor.refresh(token)) in ("invalid_grant", "invalid_request")


async def test_a_refresh_cannot_widen(visitor: Visitor, code: str) -> None:
    """Fewer scopes can be asked for, and none that the sign-in did not give."""
    token = (await visitor.exchange(code)).json()["refresh_token"]
    narrower = await visitor.refresh(token, scope="region:read")
    assert narrower.json()["scope"] == "region:read"
    wider = await visitor.refresh(narrower.json()["refresh_token"], scope="region:read feed:read")
    assert refused(wider) == "invalid_scope"


async def test_a_disabled_account_gets_nothing_more(hub: PeopleHub, visitor: Visitor, code: str) -> None:
    """From that moment on: neither code nor refresh token nor browser."""
    token = (await visitor.exchange(code)).json()["refresh_token"]
    await visitor.open()
    await visitor.fill()
    another = visitor.returned()["code"]
    await hub.disable("li.hua")
    assert refused(await visitor.exchange(another)) == "invalid_grant"
    assert refused(await visitor.refresh(token)) == "invalid_grant"
    assert 'name="user_name"' in (await visitor.open()).text


async def test_scopes_that_were_taken_away_are_gone_at_the_next_refresh(
    hub: PeopleHub, visitor: Visitor, code: str
) -> None:
    """What an account may is looked up each time."""
    token = (await visitor.exchange(code)).json()["refresh_token"]
    await hub.pool.execute("UPDATE account SET scopes = '{region:read,feed:read}'")
    assert (await visitor.refresh(token)).json()["scope"] == "region:read"


async def test_a_person_gets_what_the_account_has(hub: PeopleHub, app: Starlette) -> None:
    """Of what the application asks for; nothing of it is an error that goes back to the application."""
    seen: list[str] = []
    for asked in ("pharmacy:read feed:read", "feed:read"):
        async with visiting(app) as visitor:
            visitor.totp_secret = await hub.add_enrolled(f"user-{len(seen)}")
            await visitor.sign_in(f"user-{len(seen)}", hub.clock, scope=asked)
            returned = visitor.returned()
            if "code" in returned:
                seen.append((await visitor.exchange(returned["code"])).json()["scope"])
            else:
                seen.append(returned["error"])
    assert seen == ["pharmacy:read", "access_denied"]


async def test_a_persons_token_says_who_and_where(hub: PeopleHub, app: Starlette) -> None:
    """`sub` is the account, `client_id` the application; region or organisation come from the account."""
    async with visiting(app) as visitor:
        visitor.totp_secret = await hub.add_enrolled(
            "zhao", scopes=(Scope.REGION_READ,), reach=Reach("110000")
        )
        await visitor.sign_in("zhao", hub.clock)
        token = (await visitor.exchange(visitor.returned()["code"])).json()["access_token"]
    claims = claims_of(token)
    assert {name: claims[name] for name in ("sub", "client_id", "region", "scope", "iss", "aud")} == {
        "sub": "zhao",
        "client_id": "baogong-cli",
        "region": "110000",
        "scope": "region:read",
        "iss": ORIGIN,
        "aud": ORIGIN,
    }
    assert claims["exp"] - claims["iat"] == 300


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, by a stranger's eyes."""
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


#: the tables of people
_OURS = (
    "account",
    "sign_in_session",
    "sign_in_throttle",
    "person_authorization",
    "refresh_token",
    "access_revocation",
)


async def test_no_secret_is_in_a_log_or_a_table(
    hub: PeopleHub, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """Password, one-time secret, recovery code, cookie, code, tokens: none in any row, any event, any line of a log."""
    caplog.set_level(logging.DEBUG)
    await visitor.sign_in("li.hua", hub.clock)
    code = visitor.returned()["code"]
    first = (await visitor.exchange(code)).json()
    second = (await visitor.refresh(first["refresh_token"])).json()
    secrets = [
        PASSWORD,
        visitor.totp_secret,
        *RECOVERY,
        code,
        visitor.verifier,
        *visitor.http.cookies.values(),
    ]
    secrets += [answer[name] for answer in (first, second) for name in ("access_token", "refresh_token")]
    kept = str([await hub.pool.fetch(f"SELECT * FROM {table}") for table in _OURS])
    assert len(kept) > 1000
    logged = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert [each for each in secrets if each in kept + logged + str(hub.events)] == []


async def test_the_metadata_say_how_people_sign_in(visitor: Visitor) -> None:
    """RFC 8414 and RFC 9207: where, by code and PKCE alone, and that answers name their issuer."""
    said = (await visitor.http.get("/.well-known/oauth-authorization-server")).json()
    assert said["authorization_endpoint"] == f"{ORIGIN}/oauth/authorize"
    assert said["response_types_supported"] == ["code"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert {"authorization_code", "refresh_token"} < set(said["grant_types_supported"])
    assert "none" in said["token_endpoint_auth_methods_supported"]


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
async def test_the_grants_of_people_are_not_for_systems(visitor: Visitor, code: str, grant_type: str) -> None:
    """Whoever shows a secret is no application for which people sign in, whatever it is called."""
    form = {"grant_type": grant_type, "code": code, "refresh_token": "x", "redirect_uri": REDIRECT}
    for client_id in ("gov-a", "baogong-cli"):
        answer = await visitor.http.post("/oauth/token", data=form, auth=(client_id, "secret"))
        assert refused(answer) == "invalid_client"
