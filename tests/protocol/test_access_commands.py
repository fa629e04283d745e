"""Who may do what, on the command line: two people, each signed in; sentences where something is missing."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pyotp
import pytest

from hub.access.account_store import enrol_totp, set_password
from hub.access.passwords import Passwords
from hub.access.sealing import load_or_create_seal
from hub.clock import system_clock
from tests.lib.command import answer, baogong, environment

PASSWORD = "冬天里的一把火 1987"
SECRET = pyotp.random_base32()


def run(data: Path, *arguments: str, typed: str | None = None) -> Any:
    """What a command that succeeds prints as JSON."""
    done = baogong(data, *arguments, "--json", typed=typed)
    assert 0 == done.returncode, done.stderr
    return answer(done)


async def _enrol(data: Path, *names: str) -> None:
    seal = load_or_create_seal(data / "keys")
    connection = await asyncpg.connect(environment(data)["HUB_DATABASE_URL"])
    try:
        for name in names:
            password_hash = await Passwords().hash(PASSWORD)
            await set_password(connection, name, password_hash, system_clock(), initial=False)
            await enrol_totp(connection, name, seal.seal(f"totp:{name}", SECRET), 0, [])
    finally:
        await connection.close()


def signed_in(password: str = PASSWORD) -> str:
    """What somebody types: password and the code of this half minute."""
    return f"{password}\n{pyotp.TOTP(SECRET).now()}\n"


def test_a_sender_is_registered_with_its_division(data: Path) -> None:
    """While the hub is being installed at once; where there is no such division, a sentence says so."""
    made = run(data, "sender", "add", "chain-a", "演示连锁", "--region", "4401")
    [listed] = run(data, "sender", "list")
    assert ("at_once", "chain-a", "440100") == (made["state"], made["sender"], listed["region_code"])
    wrong = baogong(data, "sender", "add", "chain-b", "演示连锁", "--region", "990000")
    assert (1, "") == (wrong.returncode, wrong.stdout)
    assert "990000" in wrong.stderr


@pytest.fixture
def office(data: Path) -> Path:
    """A hub in which zhang proposes and li approves."""
    for name, role in (("zhang", "system_administrator"), ("li", "security_officer")):
        made = run(data, "user", "add", name, "--name", name, "--at", "演示单位", "--role", role)
        assert ("at_once", True) == (made["state"], "initial_password" in made)
    asyncio.run(_enrol(data, "zhang", "li"))
    return data


def test_a_client_is_added_by_two_people(office: Path) -> None:
    """Pending until the second has approved; both signed in, and both are on record."""
    options = [
        "--client-id",
        "gov-a",
        "--role",
        "finance",
        "--region",
        "44",
        "--by",
        "zhang",
        "--reason",
        "上线",
    ]
    made = run(office, "client", "add", "省财政厅 演示", *options, typed=signed_in())
    assert ("pending", []) == (made["state"], run(office, "client", "list"))
    own = baogong(
        office, "access", "approve", str(made["change"]), "--by", "zhang", "--reason", "x", typed="x\n"
    )
    assert (1, "") == (own.returncode, own.stdout)
    done = ["access", "approve", str(made["change"]), "--by", "li", "--reason", "同意"]
    assert "approved" == run(office, *done, typed=signed_in())["state"]
    [client] = run(office, "client", "list")
    assert ("gov-a", "finance", "440000") == (client["client_id"], client["roles"], client["region"])
    [change] = [each for each in run(office, "access", "list") if each["change_kind_code"] == "client_add"]
    assert ("zhang", "li") == (change["proposed_by"], change["decided_by"])
    granted = ["grant", "add", "gov-a", "--scope", "procurement.price.confidential:read", "--purpose", "调查"]
    until = [
        "--document",
        "演示〔2026〕1号",
        "--until",
        f"{system_clock():%Y}-12-31",
        "--by",
        "li",
        "--reason",
        "x",
    ]
    refused = baogong(office, *granted, *until, typed=signed_in().replace("\n", "x\n", 1))
    assert (1, True) == (refused.returncode, "sign_in" not in refused.stderr and "密码" in refused.stderr)


def test_whoever_does_not_sign_in_changes_nothing(office: Path) -> None:
    """Without an account, with a wrong password: one sentence, and nothing was changed."""
    options = ["client", "add", "某系统", "--region", "44", "--reason", "x"]
    for more, typed in ([], ""), (["--by", "zhang"], "wrong\n"), (["--by", "nobody"], signed_in()):
        done = baogong(office, *options, *more, typed=typed)
        assert (1, 1) == (done.returncode, len(done.stderr.strip().splitlines())), done.stderr
    assert [] == run(office, "client", "list")


def test_roles_are_listed_with_what_they_open(data: Path) -> None:
    """For those who choose one."""
    roles = {each["role"]: each for each in run(data, "access", "roles")}
    assert ("nothing", "access:read audit:read") == (roles["auditor"]["bound"], roles["auditor"]["scopes"])
