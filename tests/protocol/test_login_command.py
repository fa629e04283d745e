"""`baogong login`, `whoami`, `query`, `logout`: a person at a command line, before a served hub."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.clock import system_clock
from hub.config import Settings
from schema.scopes import Scope
from tests.lib.command import baogong, baogong_process, start
from tests.lib.graph import served
from tests.lib.people import GUANGDONG, INITIAL, ORIGIN, Visitor, add_account


class Now:
    """The one-time code's clock is the hub's own."""

    @property
    def now(self) -> Any:
        """Now."""
        return system_clock()


@dataclass
class Desk:
    """A person at a terminal, with a browser in which they are signed in."""

    visitor: Visitor
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where the command finds the hub, and keeps its tokens."""
        return {"HUB_PUBLIC_URL": self.visitor.origin, "XDG_CONFIG_HOME": str(self.folder / "config")}

    @property
    def file(self) -> Path:
        """Where the tokens are."""
        return self.folder / "config" / "baogong" / "sessions.json"

    async def run(self, *arguments: str | Path) -> Any:
        """A command, to its end."""
        return await asyncio.to_thread(baogong_process, self.folder, *arguments, **self.environment)

    async def login(self) -> str:
        """`baogong login`, and the browser that goes to the address it prints; what it says in the end."""
        process = start(self.folder, "login", "--no-browser", **self.environment)
        assert process.stdout is not None
        address = ""
        while not address.startswith("http"):
            address = (await asyncio.to_thread(process.stdout.readline)).strip()
        self.visitor.page = await self.visitor.http.get(address)
        await self.visitor.fill()
        assert self.visitor.page is not None
        back = self.visitor.page.headers["location"]
        async with httpx.AsyncClient() as http:
            stray = await http.get(back.partition("?")[0] + "?state=other&code=evil")
            page = await http.get(back)
        assert (stray.status_code, "请回到命令行" in page.text) == (200, True)
        said, _ = await asyncio.to_thread(process.communicate, timeout=60)
        assert process.returncode == 0, said
        return said


@pytest.fixture
async def desk(settings: Settings, tmp_path: Path) -> AsyncIterator[Desk]:
    """A served hub, a browser signed in there, and a command line that is not."""
    async with served(settings) as hub:
        await add_account(hub.connection, "li.hua", INITIAL, system_clock(), (Scope.REGION_READ,), GUANGDONG)
        async with httpx.AsyncClient(base_url=hub.http.base_url, timeout=60) as http:
            visitor = Visitor(http)
            await visitor.enrol("li.hua", Now())
            yield Desk(visitor, tmp_path)


async def test_a_person_signs_in_asks_and_signs_out(desk: Desk) -> None:
    """Tokens in a file of the owner's alone; answers as JSON; status 1 for errors; nothing left after logout."""
    before = await desk.run("whoami")
    assert (before.returncode, "baogong login" in before.stderr) == (1, True)
    assert "li.hua" in await desk.login()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (desk.file, desk.file.parent)] == [0o600, 0o700]
    whoami = await desk.run("whoami", "--json")
    assert json.loads(whoami.stdout) == {
        "user_name": "li.hua",
        "display_name": "李华",
        "organization_name": "演示市医疗保障局",
        "region": "440000",
        "organization": None,
        "scopes": ["region:read"],
    }
    document = desk.folder / "asked.graphql"
    document.write_text("query R($code: String!) { region(code: $code) { name } }", "utf-8")
    answer = await desk.run("query", document, "--variables", '{"code": "440000"}')
    assert (answer.returncode, json.loads(answer.stdout)) == (0, {"data": {"region": {"name": "广东省"}}})
    document.write_text("{ products(first: 1) { totalCount } }", "utf-8")
    refused = await desk.run("query", document)
    assert (refused.returncode, "FORBIDDEN_FIELD" in refused.stdout) == (1, True)
    await _renews(desk)
    assert (await desk.run("logout")).stdout == "已退出 signed out\n"
    assert desk.file.read_text("utf-8") == "{}"
    assert (await desk.run("logout")).stdout == "本来就没有登录 nobody was signed in\n"
    assert (await desk.run("whoami")).returncode == 1


async def _renews(desk: Desk) -> None:
    """A token that is nearly over is renewed unseen; one that the hub ended says to sign in again."""
    kept = json.loads(desk.file.read_text("utf-8"))
    old = kept[desk.visitor.origin]
    kept[desk.visitor.origin] = old | {"expires_at": system_clock().isoformat()}
    desk.file.write_text(json.dumps(kept), "utf-8")
    assert (await desk.run("whoami")).returncode == 0
    new = json.loads(desk.file.read_text("utf-8"))[desk.visitor.origin]
    assert new["refresh_token"] != old["refresh_token"]


@pytest.mark.parametrize("variables", ["{", "[1]", "@/nowhere.json"])
def test_variables_that_make_no_sense_are_told(tmp_path: Path, variables: str) -> None:
    """A sentence, status 2, and nothing is asked."""
    document = tmp_path / "asked.graphql"
    document.write_text("{ me { clientId } }", "utf-8")
    done = baogong(tmp_path, "query", document, "--variables", variables, HUB_PUBLIC_URL=ORIGIN)
    assert done.returncode == 2


def test_a_hub_that_is_away_is_told(tmp_path: Path) -> None:
    """A sentence and status 1."""
    folder = tmp_path / "config" / "baogong"
    folder.mkdir(parents=True)
    kept = {
        "access_token": "x",
        "refresh_token": "y",
        "expires_at": "2099-01-01T00:00:00+00:00",
        "account": {},
    }
    (folder / "sessions.json").write_text(json.dumps({"http://127.0.0.1:9": kept}), "utf-8")
    environment = {"HUB_PUBLIC_URL": "http://127.0.0.1:9", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = baogong(tmp_path, "whoami", **environment)
    assert (done.returncode, "连不上 127.0.0.1:9" in done.stderr) == (1, True)
