"""People sign in: the steps, in a browser that fills in forms, against a real database."""

from collections.abc import AsyncIterator

import pytest

from hub.config import Settings
from tests.lib.people import PeopleHub, Visitor, people_hub, visiting


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[PeopleHub]:
    """A hub with one account, of Li Hua, who was handed an initial password."""
    async with people_hub(settings) as subject:
        await subject.add("li.hua")
        yield subject


@pytest.fixture
async def visitor(hub: PeopleHub) -> AsyncIterator[Visitor]:
    """Li Hua's browser."""
    async with visiting(hub.app()) as browser:
        yield browser


async def test_the_first_sign_in_ends_in_a_token(hub: PeopleHub, visitor: Visitor) -> None:
    """Initial password, own password, second factor, recovery codes, and back to the application with a code."""
    await visitor.enrol("li.hua", hub.clock)
    await visitor.fill()
    returned = visitor.returned()
    assert (returned["state"], returned["iss"]) == ("a state", "https://hub.example")
    answer = (await visitor.exchange(returned["code"])).json()
    assert {name: answer[name] for name in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "pharmacy:read region:read",
    }
