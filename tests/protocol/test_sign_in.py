"""People sign in: the steps, in a browser that fills in forms, against a real database."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pyotp
import pytest

from hub.access.events import AccessEvent
from hub.config import Settings
from tests.lib.graph import claims_of
from tests.lib.people import (
    INITIAL,
    ORIGIN,
    PASSWORD,
    RECOVERY,
    PeopleHub,
    Visitor,
    hidden,
    notice,
    people_hub,
    visiting,
)
from tests.lib.proofs import Prover

OTHER = "夏天里的一阵风 2026"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
async def hub(people_settings: Settings) -> AsyncIterator[PeopleHub]:
    """A hub for people."""
    async with people_hub(people_settings) as subject:
        yield subject


@pytest.fixture
async def visitor(hub: PeopleHub) -> AsyncIterator[Visitor]:
    """The browser of Li Hua, who has signed in before."""
    async with visiting(hub.app()) as browser:
        browser.totp_secret = await hub.add_enrolled("li.hua")
        yield browser


async def tokens(visitor: Visitor) -> dict[str, str]:
    """What the application gets for the code that the browser brings back."""
    answer = await visitor.exchange(visitor.returned()["code"])
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def test_the_first_sign_in_ends_in_a_token(hub: PeopleHub) -> None:
    """Initial password, own password, second factor, recovery codes, and back to the application with a code."""
    await hub.add("wang.fang")
    async with visiting(hub.app()) as visitor:
        await visitor.enrol("wang.fang", hub.clock)
        await visitor.fill()
        returned = visitor.returned()
        assert (returned["state"], returned["iss"]) == ("a state", ORIGIN)
        answer = (await visitor.exchange(returned["code"])).json()
    assert {name: answer[name] for name in ("token_type", "expires_in", "scope", "account")} == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "pharmacy:read region:read",
        "account": {
            "user_name": "wang.fang",
            "display_name": "李华",
            "organization_name": "演示市医疗保障局",
            "region": "440000",
            "organization": None,
        },
    }
    assert hub.names() == [
        "people:password:changed",
        "people:totp:enrolled",
        "people:sign_in:succeeded enrolled",
        "people:code:issued",
    ]


async def test_a_later_sign_in_takes_password_and_code(hub: PeopleHub, visitor: Visitor) -> None:
    """Two pages, and back to the application."""
    await visitor.sign_in("li.hua", hub.clock)
    assert (await tokens(visitor))["scope"] == "pharmacy:read region:read"
    assert hub.names() == ["people:sign_in:succeeded totp", "people:code:issued"]


async def test_a_person_changes_their_own_password(hub: PeopleHub, visitor: Visitor) -> None:
    """With the old one and a code, never without; the old one is good no more, and other programs sign in anew."""
    await visitor.sign_in("li.hua", hub.clock)
    held = await tokens(visitor)
    hub.clock.turn(minutes=1)
    async with visiting(hub.app()) as other:
        other.totp_secret = visitor.totp_secret
        await other.open()
        await other.fill(user_name="li.hua", password=PASSWORD, change="yes")
        answer = await other.fill(code=other.code(hub.clock))
        assert ('name="again"' in answer.text, "初始密码" in answer.text) == (True, False)
        assert "密码不对" in notice(
            (await other.fill(old="not this one at all", new=OTHER, again=OTHER)).text
        )
        await other.fill(old=PASSWORD, new=OTHER, again=OTHER)
        assert (await tokens(other))["scope"] == held["scope"]
        await other.open()
        await other.fill(step="switch")
        assert notice((await other.fill(user_name="li.hua", password=PASSWORD)).text)
        assert 'name="code"' in (await other.fill(user_name="li.hua", password=OTHER)).text
    assert (await visitor.refresh(held["refresh_token"])).status_code == 400
    assert "people:password:changed" in hub.names()


async def test_names_are_taken_however_they_are_typed(hub: PeopleHub, visitor: Visitor) -> None:
    """Capitals and blanks around the name, full-width letters in the password: the same person."""
    await visitor.open()
    wide = PASSWORD.replace("1987", "\uff11\uff19\uff18\uff17")
    answer = await visitor.fill(user_name=" Li.Hua ", password=wide)
    assert 'name="code"' in answer.text


async def test_a_browser_that_is_signed_in_is_not_asked_again(hub: PeopleHub, visitor: Visitor) -> None:
    """The query page gets its code at once; the command line, which any program can play, has to be let in."""
    await visitor.sign_in("li.hua", hub.clock)
    page = await visitor.open(client_id="baogong-page", redirect_uri=f"{ORIGIN}/")
    assert page.headers["location"].startswith(f"{ORIGIN}/?code=")
    assert "baogong login" in (await visitor.open()).text
    assert (await visitor.fill()).headers["location"].startswith(visitor.redirect_uri)


async def test_a_signed_in_browser_ends_with_half_an_hour_of_rest(hub: PeopleHub, visitor: Visitor) -> None:
    """Used within the half hour it goes on, to eight hours at most; left alone for longer it is asked again."""
    await visitor.sign_in("li.hua", hub.clock)
    own = {"client_id": "baogong-page", "redirect_uri": f"{ORIGIN}/"}
    seen = []
    for minutes in (29, 29, 31):
        hub.clock.turn(minutes=minutes)
        seen.append((await visitor.open(**own)).status_code)
    assert seen == [303, 303, 200]
    await visitor.sign_in("li.hua", hub.clock)
    passed = 0
    while (await visitor.open(**own)).is_redirect:
        hub.clock.turn(minutes=20)
        passed += 20
    assert passed == 480


async def test_another_account_can_take_its_place(hub: PeopleHub, visitor: Visitor) -> None:
    """`Use another account` ends the browser's session and asks for a name."""
    await visitor.sign_in("li.hua", hub.clock)
    await visitor.open()
    answer = await visitor.fill(step="switch")
    assert 'name="user_name"' in answer.text
    assert 'name="user_name"' in (await visitor.open()).text
    assert hub.names()[-1] == "people:session:ended"


async def test_a_code_is_good_once(hub: PeopleHub, visitor: Visitor) -> None:
    """The same one-time code in another browser, or an earlier one, is refused; the next one is taken."""
    await visitor.sign_in("li.hua", hub.clock)
    used = visitor.code(hub.clock)
    async with visiting(hub.app()) as other:
        other.totp_secret = visitor.totp_secret
        await other.open()
        await other.fill(user_name="li.hua", password=PASSWORD)
        again = await other.fill(code=used)
        earlier = await other.fill(code=pyotp.TOTP(visitor.totp_secret).at(hub.clock.now - HALF_MINUTE))
        later = await other.fill(code=pyotp.TOTP(visitor.totp_secret).at(hub.clock.now + HALF_MINUTE))
    assert [each.status_code for each in (again, earlier, later)] == [403, 403, 303]
    assert notice(again.text).startswith("验证码不对")


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 303), (0, 303), (1, 303), (2, 403)])
async def test_a_clock_may_be_off_by_one_step(
    hub: PeopleHub, visitor: Visitor, steps: int, status: int
) -> None:
    """Codes of the half minute before and after are taken, further ones are not."""
    await visitor.open()
    await visitor.fill(user_name="li.hua", password=PASSWORD)
    answer = await visitor.fill(code=pyotp.TOTP(visitor.totp_secret).at(hub.clock.now + steps * HALF_MINUTE))
    assert answer.status_code == status


async def test_a_recovery_code_is_good_once(hub: PeopleHub, visitor: Visitor) -> None:
    """It stands in for the phone, however it is spelt, and not a second time."""
    seen = []
    for code in (RECOVERY[0].upper().replace("-", " "), RECOVERY[0], RECOVERY[1]):
        async with visiting(hub.app()) as browser:
            await browser.open()
            await browser.fill(user_name="li.hua", password=PASSWORD)
            seen.append((await browser.fill(code=code)).status_code)
    assert seen == [303, 403, 303]
    assert "people:sign_in:succeeded recovery_code" in hub.names()


async def test_unknown_disabled_and_wrong_look_alike(hub: PeopleHub, visitor: Visitor) -> None:
    """The same sentence and status, so that nobody learns who has an account; the record knows the difference."""
    await hub.add_enrolled("gone")
    await hub.disable("gone")
    pages = []
    for name, password in (("li.hua", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", "")):
        await visitor.open()
        answer = await visitor.fill(user_name=name, password=password)
        pages.append((answer.status_code, re.sub(r'(value="[^"]*"| autofocus)', "", answer.text)))
    assert [status for status, _ in pages] == [403] * 4
    assert len({text for _, text in pages}) == 1
    assert [(event.subject, event.reason) for event in hub.events] == [
        ("li.hua", "password"),
        (None, "password"),
        ("gone", "disabled"),
        (None, "password"),
    ]


async def test_an_initial_password_is_over_after_a_week(hub: PeopleHub) -> None:
    """What was handed over and never used opens nothing any more."""
    await hub.add("wang.fang")
    hub.clock.turn(days=7, seconds=1)
    async with visiting(hub.app()) as visitor:
        await visitor.open()
        assert (await visitor.fill(user_name="wang.fang", password=INITIAL)).status_code == 403
    assert hub.events[-1].reason == "initial_password_expired"


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        (INITIAL, "short", "short", "密码须有"),
        (INITIAL, "wang.fangbaogong", "wang.fangbaogong", "密码主要由"),
        (INITIAL, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "密码中不同的字符太少"),
        (INITIAL, PASSWORD, PASSWORD + "x", "两次输入"),
        (INITIAL, INITIAL, INITIAL, "新密码与原密码相同"),
        ("wrong", PASSWORD, PASSWORD, "用户名或密码不对"),
    ],
)
async def test_a_bad_new_password_is_told_why(
    hub: PeopleHub, old: str, new: str, again: str, says: str
) -> None:
    """The page says what is wrong, and asks again."""
    await hub.add("wang.fang")
    async with visiting(hub.app()) as visitor:
        await visitor.open()
        await visitor.fill(user_name="wang.fang", password=INITIAL)
        answer = await visitor.fill(old=old, new=new, again=again)
    assert (answer.status_code in (400, 403), notice(answer.text)[: len(says)]) == (True, says)
    assert 'name="again"' in answer.text


async def test_a_reset_password_asks_for_the_second_factor_first(hub: PeopleHub, visitor: Visitor) -> None:
    """Who has the new initial password and not the phone gets nowhere; what was signed in before has ended."""
    await visitor.sign_in("li.hua", hub.clock)
    refresh = (await tokens(visitor))["refresh_token"]
    initial = await hub.reset("li.hua", password=True)
    assert (await visitor.refresh(refresh)).json()["error"] == "invalid_grant"
    hub.clock.turn(minutes=1)
    await visitor.open()
    assert 'name="code"' in (await visitor.fill(user_name="li.hua", password=initial)).text
    assert 'name="again"' in (await visitor.fill(code=visitor.code(hub.clock))).text
    answer = await visitor.fill(old=initial, new=PASSWORD, again=PASSWORD)
    assert answer.headers["location"].startswith(visitor.redirect_uri)


async def test_a_lost_phone_is_replaced(hub: PeopleHub, visitor: Visitor) -> None:
    """After a reset the next sign-in enrols a new second factor; the old one opens nothing."""
    await hub.reset("li.hua", second_factor=True)
    await visitor.open()
    answer = await visitor.fill(user_name="li.hua", password=PASSWORD)
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", answer.text)[0]
    assert secret != visitor.totp_secret
    assert (await visitor.fill(code=visitor.code(hub.clock))).status_code == 403
    assert (await visitor.fill(code=pyotp.TOTP(secret).at(hub.clock.now))).status_code == 200


async def test_the_offered_secret_stays_the_same(hub: PeopleHub) -> None:
    """A page that is loaded again shows the picture that was scanned already; another browser gets another."""
    await hub.add("wang.fang")
    offered: list[str] = []
    for _ in range(2):
        async with visiting(hub.app()) as visitor:
            await visitor.open()
            await visitor.fill(user_name="wang.fang", password=INITIAL)
            if not offered:
                await visitor.fill(old=INITIAL, new=PASSWORD, again=PASSWORD)
            else:
                await visitor.open()
                await visitor.fill(user_name="wang.fang", password=PASSWORD)
            offered += [
                re.findall(r"<code>([A-Z2-7]{32})</code>", (await visitor.open()).text)[0] for _ in "ab"
            ]
    assert [offered[0] == offered[1], offered[2] == offered[3], offered[0] == offered[2]] == [
        True,
        True,
        False,
    ]


async def test_what_is_left_undone_is_over_after_ten_minutes(hub: PeopleHub, visitor: Visitor) -> None:
    """A password alone keeps the door ajar for ten minutes."""
    await visitor.open()
    await visitor.fill(user_name="li.hua", password=PASSWORD)
    hub.clock.turn(minutes=10)
    assert 'name="user_name"' in (await visitor.fill(code=visitor.code(hub.clock))).text


async def test_wrong_attempts_at_an_account_have_to_wait(hub: PeopleHub, visitor: Visitor) -> None:
    """Five are free, from wherever they come; then the wait doubles, to a quarter of an hour at most."""
    app = hub.app()
    waits: list[int] = []
    for number in range(27):
        async with visiting(app, f"192.0.2.{number + 1}") as browser:
            await browser.open()
            answer = await browser.fill(user_name="li.hua", password="wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            assert notice(answer.text).startswith(f"尝试次数过多，请 {waits[-1]} 秒后再试")
            hub.clock.turn(seconds=waits[-1])
        else:
            assert (answer.status_code, number < 6 or number % 2 == 1) == (403, True)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


async def test_wrong_codes_have_to_wait_too(hub: PeopleHub, visitor: Visitor) -> None:
    """Who knows the password cannot try a million codes: right passwords do not make the wait shorter."""
    statuses = []
    for _ in range(8):
        await visitor.open()
        await visitor.fill(step="switch")
        first = await visitor.fill(user_name="li.hua", password=PASSWORD)
        statuses.append(
            first.status_code if first.status_code == 429 else (await visitor.fill(code="000000")).status_code
        )
    assert statuses == [403] * 6 + [429, 429]


async def test_an_address_that_tries_many_names_has_to_wait(hub: PeopleHub, visitor: Visitor) -> None:
    """Thirty wrong names from one address, or one IPv6 network, and it waits; others do not."""
    app = hub.app()
    statuses = []
    for number in range(32):
        async with visiting(app, f"2001:db8::{number:x}") as browser:
            await browser.open()
            statuses.append((await browser.fill(user_name=f"name{number}", password="x" * 12)).status_code)
    assert statuses == [403] * 31 + [429]
    await visitor.open()
    assert (await visitor.fill(user_name="li.hua", password=PASSWORD)).status_code == 200


async def test_a_calm_hour_begins_anew(hub: PeopleHub, visitor: Visitor) -> None:
    """After an hour without an attempt five are free again."""
    for _ in range(6):
        await visitor.open()
        await visitor.fill(user_name="li.hua", password="wrong")
    hub.clock.now += timedelta(hours=1, seconds=1)
    seen = []
    for _ in range(5):
        await visitor.open()
        seen.append((await visitor.fill(user_name="li.hua", password="wrong")).status_code)
    assert seen == [403] * 5


async def test_signing_out_ends_tokens_and_browser(hub: PeopleHub, visitor: Visitor) -> None:
    """The refresh token is worthless, the access token is revoked, and the browser is asked again."""
    await visitor.sign_in("li.hua", hub.clock)
    refresh = (await tokens(visitor))["refresh_token"]
    form = {"token": refresh, "token_type_hint": "refresh_token", "client_id": visitor.client_id}
    answer = await visitor.http.post("/oauth/revoke", data=form)
    assert answer.status_code == 200
    assert (await visitor.refresh(refresh)).json()["error"] == "invalid_grant"
    async with hub.pool.acquire() as connection:
        assert 1 == await connection.fetchval(
            "SELECT count(*) FROM access_revocation WHERE kind_code = 'token'"
        )
    assert 'name="user_name"' in (await visitor.open()).text


async def test_the_first_page_carries_nothing_of_a_person(hub: PeopleHub, visitor: Visitor) -> None:
    """The form of a fresh browser has a token of its own, which is not that of another browser."""
    mine = hidden((await visitor.open()).text)["token"]
    async with visiting(hub.app()) as other:
        theirs = hidden((await other.open()).text)["token"]
    assert mine != theirs


async def test_a_refresh_token_is_bound_as_its_access_token_is(hub: PeopleHub, visitor: Visitor) -> None:
    """RFC 9449 §5: an application that signs with a key goes on with this key only, and a thief cannot use it up."""
    await visitor.sign_in("li.hua", hub.clock)
    own, thief = Prover(), Prover()

    async def ask(prover: Prover | None, **form: str) -> httpx.Response:
        headers = {"DPoP": prover.proof("POST", f"{ORIGIN}/oauth/token", hub.clock.now)} if prover else {}
        data = {"client_id": visitor.client_id} | form
        return await visitor.http.post("/oauth/token", data=data, headers=headers)

    first = await ask(
        own,
        grant_type="authorization_code",
        code=visitor.returned()["code"],
        redirect_uri=visitor.redirect_uri,
        code_verifier=visitor.verifier,
    )
    told = first.json()
    assert (200, "DPoP") == (first.status_code, told.get("token_type")), told
    refresh = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    for stolen in (None, thief):
        assert "invalid_grant" == (await ask(stolen, **refresh)).json()["error"]
    again = (await ask(own, **refresh)).json()
    assert {"jkt": own.thumbprint} == claims_of(again["access_token"])["cnf"]


async def test_nobody_costs_as_much_as_somebody(
    hub: PeopleHub, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a name is known cannot be told by time: one password is checked either way."""
    checked: list[str] = []

    def check(password_hash: str, _password: str) -> bool:
        checked.append(password_hash.split("$")[3])
        return False

    monkeypatch.setattr("hub.access.passwords._verify", check)
    for name in ("li.hua", "nobody"):
        await visitor.open()
        await visitor.fill(user_name=name, password="wrong")
    assert checked == ["m=64,t=1,p=1"] * 2


async def test_a_password_makes_a_new_session(hub: PeopleHub, visitor: Visitor) -> None:
    """A cookie that was planted before the password is worth nothing after it."""
    await visitor.open()
    planted = visitor.http.cookies["__Secure-baogong"]
    await visitor.fill(user_name="li.hua", password=PASSWORD)
    assert visitor.http.cookies["__Secure-baogong"] != planted
    async with visiting(hub.app()) as other:
        other.http.cookies.set("__Secure-baogong", planted, path="/oauth")
        assert 'name="user_name"' in (await other.open()).text


async def test_what_cannot_be_recorded_does_not_happen(hub: PeopleHub, visitor: Visitor) -> None:
    """Without a record there is no code, and nothing that a code could be had with unrecorded."""

    class Full(list[AccessEvent]):
        """A record that takes nothing more."""

        def append(self, _event: AccessEvent) -> None:
            raise OSError("the record is full")

    hub.events = Full()
    with pytest.raises(OSError, match="full"):
        await visitor.sign_in("li.hua", hub.clock)
    with pytest.raises(OSError, match="full"):
        await visitor.fill(step="continue")
    hub.events = []
    await visitor.open()
    await visitor.fill()
    assert hub.names() == ["people:code:issued"]


async def test_what_ended_long_ago_is_dropped(hub: PeopleHub, visitor: Visitor) -> None:
    """A week after its end a family is told no more as replayed, and takes no room."""
    await visitor.sign_in("li.hua", hub.clock)
    await tokens(visitor)
    hub.clock.turn(days=7, hours=8, seconds=1)
    await visitor.sign_in("li.hua", hub.clock)
    kept = [
        await hub.pool.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("person_authorization", "refresh_token", "sign_in_session")
    ]
    assert kept == [1, 0, 1]
