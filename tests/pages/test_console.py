"""The query page in a real browser: signing in, asking, and what it never does."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hub.access.clients import Client, ClientDirectory, new_client
from hub.access.issuer import Issuer
from hub.access.issuer_routes import build_issuer_routes
from hub.access.keys import load_or_create_keys
from hub.access.refusals import TokenError, refusal_response
from hub.access.trusted_issuer import TrustedIssuer
from hub.web.console import ASSET_FILES, console_routes
from hub.web.examples import DEPARTMENTS, examples_json, shipped_examples
from schema.reach import COUNTRY
from schema.scopes import Scope
from tests.lib.access import authentication
from tests.lib.browser import Browser, browsing
from tests.lib.server import running

SCRIPT = Path(__file__).parents[2] / "scripts" / "graphiql_assets.sh"
#: exit status of the script where npm cannot deliver
UNAVAILABLE = 69
ISSUER = "http://127.0.0.1:8000"
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RESULT = "document.getElementById('result').textContent"
NOTICE = "!document.getElementById('notice').hidden && document.getElementById('notice').textContent"
NEEDS = "document.getElementById('needs').textContent"
SIGNED_IN = "document.getElementById('client').textContent"


@strawberry.type
class Product:
    """A medicine, as small as can be."""

    approval_number: str
    name_zh: str


@strawberry.type
class Query:
    """The one thing to ask."""

    @strawberry.field
    def product(self, approval_number: str) -> Product:
        """The medicine of that number."""
        return Product(approval_number=approval_number, name_zh="地高辛片")


def sample_examples() -> bytes:
    """The shipped examples, as if each needed the scopes of divisions and of medicines."""
    needs = {
        "Region.name": (frozenset({"region:read"}),),
        "Product.nameZh": (frozenset({"registration:read"}),),
    }
    return examples_json(shipped_examples(), lambda _text, _variables: needs)


GRAPH = strawberry.Schema(Query)
QUESTION = '{ product(approvalNumber: "国药准字H20099007") { nameZh } }'


@dataclass
class SmallHub:
    """The hub's own issuer and query page about a tiny graph, under a clock that stands still."""

    folder: Path
    assets: Path
    now: datetime = START
    url: str = ""
    secret: str = ""
    questions: int = 0
    clients: list[Client] = field(default_factory=list)

    def app(self) -> Starlette:
        """The application; its one client is `gov-a`."""
        client, self.secret = new_client(
            "department A", (Scope.REGION_READ, Scope.FEED_READ), COUNTRY, START, "gov-a"
        )
        self.clients.append(client)
        keys = load_or_create_keys(self.folder / "keys")
        directory = ClientDirectory(self.fetch, self.clock)
        self._authentication = authentication([TrustedIssuer(ISSUER, ISSUER, keys)], self.clock, ISSUER)
        return Starlette(
            routes=[
                Route("/graphql", self.graphql, methods=["POST"]),
                Route("/graphql/schema.graphql", self.sdl),
                *build_issuer_routes(Issuer(ISSUER, ISSUER, keys, directory, self.clock)),
                *console_routes(self.assets, sample_examples, "http://127.0.0.1:8001/"),
            ]
        )

    def clock(self) -> datetime:
        """The hub's time, which is not the browser's."""
        return self.now

    async def fetch(self) -> list[Client]:
        """The registered clients."""
        return self.clients

    async def sdl(self, _request: Request) -> Response:
        """The schema's text."""
        return PlainTextResponse(GRAPH.as_str())

    async def graphql(self, request: Request) -> Response:
        """Answer as the hub does: 401 without a good token."""
        try:
            await self._authentication.caller(request)
        except TokenError as error:
            return refusal_response(error)
        self.questions += 1
        asked = await request.json()
        result = await GRAPH.execute(asked["query"], asked.get("variables"))
        answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]  # type: ignore[assignment]
        return JSONResponse(answer)

    def signed_in_url(self) -> str:
        """The address that the demo prints."""
        return f"{self.url}/#client_id=gov-a&client_secret={self.secret}"


@pytest.fixture(scope="session")
def graphiql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with GraphiQL's own files, as `make graphiql` fills it."""
    if shutil.which("npm") is None:
        pytest.skip("no npm on this machine: GraphiQL cannot be fetched")
    folder = tmp_path_factory.mktemp("graphiql")
    done = subprocess.run([SCRIPT, folder], capture_output=True, text=True, check=False)
    if done.returncode == UNAVAILABLE:
        pytest.skip(f"npm reaches no registry: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SmallHub]:
    """A running hub that has no GraphiQL yet."""
    subject = SmallHub(tmp_path, tmp_path / "assets")
    with running(subject.app()) as url:
        subject.url = url
        yield subject


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for one test after the other."""
    with browsing(tmp_path_factory.mktemp("profile")) as subject:
        yield subject


@pytest.fixture
def browser(started: Browser) -> Iterator[Browser]:
    """A browser on a desk, which remembers nothing."""
    with started.anew() as subject:
        subject.resize(1280, 800)
        yield subject


def ask(browser: Browser, query: str) -> None:
    """Put a question through the plain form."""
    browser.wait_for("!document.getElementById('plain').hidden")
    browser.type("#plain [name=query]", query)
    browser.type("#plain [name=variables]", "{}")
    browser.click("#plain button")


def example(name: str) -> tuple[str, object]:
    """Query and variables of an example."""
    [found] = [each for each in shipped_examples() if each.name == name]
    return found.text, found.variables


def choose(browser: Browser, department: str, title: str) -> None:
    """Choose a department, then one of its examples by the beginning of its title."""
    browser.wait_for("document.getElementById('departments').options.length > 1")
    for select, begins in (("departments", department), ("examples", title)):
        browser.evaluate(
            f"(() => {{ const list = document.getElementById('{select}');"
            f" list.value = Array.from(list.options).find((one) => one.text.startsWith('{begins}')).value;"
            " list.dispatchEvent(new Event('change')); })()"
        )


def test_the_fragment_signs_in_and_the_form_answers(hub: SmallHub, browser: Browser) -> None:
    """Without GraphiQL: the demo's address signs in, the form answers, no error, nothing asked elsewhere."""
    browser.open(hub.signed_in_url())
    assert browser.wait_for(SIGNED_IN) == "gov-a"
    ask(browser, QUESTION)
    assert json.loads(browser.wait_for(RESULT)) == {"data": {"product": {"nameZh": "地高辛片"}}}
    assert browser.problems == []
    assert [url for url in browser.requests if not url.startswith((f"{hub.url}/", "about:"))] == []


def test_the_fragment_leaves_the_address_bar(hub: SmallHub, browser: Browser) -> None:
    """After signing in, the secret is neither in the address nor in the page nor in the browser's storage."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    kept = browser.evaluate(
        "[location.href, document.documentElement.outerHTML, document.cookie,"
        " JSON.stringify({...localStorage, ...sessionStorage}),"
        " ...Array.from(document.querySelectorAll('input'), (field) => field.value)].join()"
    )
    assert (browser.evaluate("location.href"), hub.secret in kept) == (f"{hub.url}/", False)


def test_a_fragment_given_to_an_open_page_signs_in_too(hub: SmallHub, browser: Browser) -> None:
    """The address pasted into a tab that already shows the page only changes the fragment."""
    browser.open(f"{hub.url}/")
    browser.wait_for("!document.getElementById('plain').hidden")
    browser.evaluate(f"location.hash = 'client_id=gov-a&client_secret={hub.secret}'")
    assert browser.wait_for(SIGNED_IN) == "gov-a"


def test_signing_in_by_the_form_shows_client_and_scopes(hub: SmallHub, browser: Browser) -> None:
    """Who is signed in, and what that one may read, stands in the bar."""
    browser.open(f"{hub.url}/")
    browser.wait_for("!document.getElementById('plain').hidden")
    browser.click("#as-client summary")
    browser.type("[name=client_id]", "gov-a")
    browser.type("[name=client_secret]", hub.secret)
    browser.click("#sign-in button")
    browser.wait_for(SIGNED_IN)
    scopes = browser.evaluate(
        "Array.from(document.querySelectorAll('#scopes li'), (item) => item.textContent)"
    )
    assert scopes == ["feed:read", "region:read"]


def test_a_wrong_secret_is_answered_in_both_languages(hub: SmallHub, browser: Browser) -> None:
    """The issuer's reason is shown; nobody is signed in."""
    browser.open(f"{hub.url}/#client_id=gov-a&client_secret=wrong")
    said = browser.wait_for(NOTICE)
    assert said.strip() == "客户端编号或密钥不对，或该客户端已停用。 Unknown client or wrong secret."
    assert browser.evaluate(SIGNED_IN) == ""


def test_asking_before_signing_in_sends_nothing(hub: SmallHub, browser: Browser) -> None:
    """The page says what to do first and does not trouble the hub."""
    browser.open(f"{hub.url}/")
    ask(browser, QUESTION)
    assert browser.wait_for(NOTICE).strip() == "请先登录。 Please sign in first."
    assert f"{hub.url}/graphql" not in browser.requests


def test_an_expired_token_is_renewed_unseen(hub: SmallHub, browser: Browser) -> None:
    """When the hub says 401, a new token is fetched and the question asked again."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    hub.now += timedelta(hours=1)
    ask(browser, QUESTION)
    assert json.loads(browser.wait_for(RESULT)) == {"data": {"product": {"nameZh": "地高辛片"}}}
    assert browser.evaluate(NOTICE) is False


def test_a_token_is_renewed_before_it_ends(hub: SmallHub, browser: Browser) -> None:
    """By the browser's clock the token is nearly over: the next question brings a new one first, and no 401."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    browser.evaluate("void (Date.now = ((now) => () => now() + 280_000)(Date.now))")
    ask(browser, QUESTION)
    browser.wait_for(RESULT)
    asked = [url.removeprefix(hub.url) for url in browser.requests]
    assert [path for path in asked if path in ("/oauth/token", "/graphql")] == [
        "/oauth/token",
        "/oauth/token",
        "/graphql",
    ]


def test_a_client_that_was_disabled_is_signed_out(hub: SmallHub, browser: Browser) -> None:
    """Its token is over and it gets no other: the page says so and shows the sign-in form again."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    hub.clients.clear()
    hub.now += timedelta(hours=1)
    ask(browser, QUESTION)
    assert browser.wait_for(NOTICE).startswith("客户端编号或密钥不对")
    assert browser.evaluate("document.getElementById('signed-out').hidden") is False


def test_signing_out_takes_the_answer_away(hub: SmallHub, browser: Browser) -> None:
    """What was read with a token does not stay on the screen without it."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    ask(browser, QUESTION)
    browser.wait_for(RESULT)
    browser.click("#sign-out")
    assert (browser.evaluate(RESULT), browser.evaluate(SIGNED_IN)) == ("", "")


def test_a_hub_that_is_away_is_said_so(hub: SmallHub, browser: Browser) -> None:
    """No connection: a sentence, not silence."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    browser.evaluate("void (window.fetch = () => Promise.reject(new TypeError('Failed to fetch')))")
    ask(browser, QUESTION)
    assert browser.wait_for(NOTICE).startswith("连不上数据枢纽")


def test_variables_that_are_no_json_are_said_so(hub: SmallHub, browser: Browser) -> None:
    """The reader's own slip is named before anything is sent."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    browser.type("#plain [name=variables]", "{oops")
    browser.click("#plain button")
    assert browser.wait_for(NOTICE).strip() == "变量不是合法的 JSON。 The variables are not valid JSON."


def test_an_example_fills_query_and_variables(hub: SmallHub, browser: Browser) -> None:
    """Choosing an example by its Chinese title puts it into the form."""
    browser.open(f"{hub.url}/")
    choose(browser, "商务", "各市各连锁有多少药店")
    query, variables = browser.evaluate(
        "['query', 'variables'].map((name) => document.querySelector(`#plain [name=${name}]`).value)"
    )
    assert (query, json.loads(variables)) == example("pharmacies_by_chain")


def test_a_department_is_offered_its_own_examples(hub: SmallHub, browser: Browser) -> None:
    """Each has some; choosing another department replaces the list and leaves the query alone."""
    browser.open(f"{hub.url}/")
    choose(browser, "邮政管理", "药品邮件走到哪里了")
    choose(browser, "审计", "请选择")
    names = browser.evaluate("Array.from(document.getElementById('examples').options, (one) => one.value)")
    assert names == ["", *(each.name for each in shipped_examples() if "auditor" in each.departments)]
    assert browser.evaluate("document.querySelector('#plain [name=query]').value.includes('Consignments')")
    assert {key for each in shipped_examples() for key in each.departments} == set(DEPARTMENTS)


def test_what_a_token_does_not_open_is_said_before_asking(hub: SmallHub, browser: Browser) -> None:
    """Signed in: the field and the scope it needs. Signed out: all scopes of the example."""
    browser.open(hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    choose(browser, "商务", "各市各连锁有多少药店")
    said = browser.evaluate(NEEDS)
    assert "打不开" in said
    assert "registration:read Product.nameZh" in said
    assert "region:read" not in said
    browser.click("#sign-out")
    said = browser.evaluate(NEEDS)
    assert "region:read" in said
    assert "registration:read" in said


def test_without_graphiql_the_page_says_how_to_get_it(hub: SmallHub, browser: Browser) -> None:
    """`make graphiql`, in both languages."""
    browser.open(f"{hub.url}/")
    browser.wait_for("!document.getElementById('plain').hidden")
    hint = browser.evaluate("document.getElementById('how-to-get').innerText")
    assert hint.count("make graphiql") == 2


@pytest.fixture
def full_hub(tmp_path: Path, graphiql: Path) -> Iterator[SmallHub]:
    """A running hub with GraphiQL."""
    subject = SmallHub(tmp_path, graphiql)
    with running(subject.app()) as url:
        subject.url = url
        yield subject


def test_on_a_phone_nothing_sticks_out(full_hub: SmallHub, browser: Browser) -> None:
    """At 360 pixels the plain form is used, GraphiQL or not, and nothing has to be scrolled sideways."""
    browser.resize(360, 740)
    browser.open(full_hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    ask(browser, QUESTION)
    browser.wait_for(RESULT)
    assert browser.evaluate("document.documentElement.scrollWidth") == 360


def answer_in_graphiql(browser: Browser) -> str:
    """What GraphiQL's answer pane shows, once it shows something."""
    answer = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()"
    return str(browser.wait_for(f"({answer} ?? '').includes('data') && {answer}"))


def test_graphiql_runs_a_query(full_hub: SmallHub, browser: Browser) -> None:
    """With its files: GraphiQL answers, nothing red in the console, and nothing is asked of any other server."""
    browser.open(full_hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    editor = "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror"
    browser.wait_for(f"!!{editor}")
    browser.evaluate(f"{editor}.setValue({json.dumps(QUESTION)})")
    browser.click(".graphiql-execute-button")
    assert json.loads(answer_in_graphiql(browser)) == {"data": {"product": {"nameZh": "地高辛片"}}}
    browser.click('[aria-label="Open settings dialog"]')
    browser.wait_for("!!document.querySelector('.graphiql-dialog')")
    assert browser.problems == []
    elsewhere = [
        url for url in browser.requests if not url.startswith((f"{full_hub.url}/", "about:", "data:"))
    ]
    assert elsewhere == []


def test_graphiql_keeps_no_secret_token_or_answer(full_hub: SmallHub, browser: Browser) -> None:
    """The browser's storage holds queries only: no token, no secret, no answer, and nothing that outlives the tab."""
    browser.open(full_hub.signed_in_url())
    browser.wait_for(SIGNED_IN)
    browser.click(".graphiql-execute-button")
    answer_in_graphiql(browser)
    browser.click("#sign-out")
    browser.wait_for("!document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()")
    assert browser.evaluate("Object.keys(localStorage)") == []
    kept = browser.evaluate("JSON.stringify(sessionStorage)")
    assert [word for word in (full_hub.secret, "eyJ", "地高辛片") if word in kept] == []


def test_graphiql_still_has_the_query_after_a_reload(full_hub: SmallHub, browser: Browser) -> None:
    """Loaded again, the page shows the query that was being written, in one tab."""
    written = 'query Mine { product(approvalNumber: "1") { approvalNumber } }'
    editor = "document.querySelector('.graphiql-query-editor .CodeMirror')?.CodeMirror"
    browser.open(f"{full_hub.url}/")
    browser.wait_for(f"!!{editor}")
    browser.evaluate(f"{editor}.setValue({json.dumps(written)})")
    browser.wait_for("(sessionStorage['baogong.queries'] ?? '').includes('Mine')")
    browser.open(f"{full_hub.url}/")
    browser.wait_for(f"!!{editor}")
    tabs = browser.evaluate("JSON.parse(sessionStorage['baogong.queries']).length")
    assert (browser.evaluate(f"{editor}.getValue()"), tabs) == (written, 1)


def graphiql_editors(browser: Browser) -> tuple[str, object]:
    """The query and the variables that GraphiQL shows."""
    browser.wait_for("!!document.querySelector('.graphiql-query-editor .CodeMirror')")
    query, variables = browser.evaluate(
        "Array.from(document.querySelectorAll('.graphiql-editors .CodeMirror'),"
        " (one) => one.CodeMirror.getValue())"
    )
    return query, json.loads(variables)


def test_graphiql_opens_with_the_first_example(full_hub: SmallHub, browser: Browser) -> None:
    """A newcomer only has to press the button: query and variables are there."""
    browser.open(f"{full_hub.url}/")
    assert graphiql_editors(browser) == example("medicine")


def test_an_example_goes_into_graphiql(full_hub: SmallHub, browser: Browser) -> None:
    """The list of examples fills GraphiQL's editors too."""
    browser.open(f"{full_hub.url}/")
    graphiql_editors(browser)
    choose(browser, "财政", "逾期未付")
    assert graphiql_editors(browser) == example("payments_due")


def test_the_page_allows_only_files_of_its_own(hub: SmallHub) -> None:
    """The content security policy names no foreign source and nothing inline; sniffing is off."""
    headers = httpx.get(f"{hub.url}/").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert {name: policy[name] for name in ("default-src", "script-src", "connect-src", "style-src")} == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/graphiql.min.js",
        "/console/console.html",
        "/console/..%2Fconsole.py",
        "/console/assets/..%2Fkeys%2Fes256-0001.pem",
        "/console/assets/es256-0001.pem",
    ],
)
def test_only_known_files_are_served(hub: SmallHub, path: str) -> None:
    """Files that are absent, not listed, or outside answer 404."""
    hub.assets.mkdir()
    (hub.assets / "es256-0001.pem").write_text("not for the public")
    assert httpx.get(hub.url + path).status_code == 404


def test_files_that_come_later_are_found(hub: SmallHub) -> None:
    """`make graphiql` beside a running hub takes effect on the next request."""
    before = httpx.get(f"{hub.url}/").text
    hub.assets.mkdir()
    for name in ASSET_FILES:
        (hub.assets / name).write_text("/* */")
    after = httpx.get(f"{hub.url}/").text
    assert ('data-graphiql="false"' in before, 'data-graphiql="true"' in after) == (True, True)


def test_the_address_of_the_public_site_is_escaped(tmp_path: Path) -> None:
    """A configured address stays an attribute's value."""
    with running(
        Starlette(routes=console_routes(tmp_path, sample_examples, 'http://site.example/?a="><b>&c'))
    ) as url:
        page = httpx.get(url).text
    assert 'href="http://site.example/?a=&quot;&gt;&lt;b&gt;&amp;c"' in page


def test_without_a_public_site_there_is_no_link(tmp_path: Path) -> None:
    """No address, no link."""
    with running(Starlette(routes=console_routes(tmp_path, sample_examples))) as url:
        assert "公开网站" not in httpx.get(url).text


def test_the_assets_are_fetched_only_once(graphiql: Path) -> None:
    """Run again, the script finds the files as they should be and says so in one line."""
    done = subprocess.run([SCRIPT, graphiql], capture_output=True, text=True, check=True)
    assert done.stdout == f"GraphiQL 已在 {graphiql}，无需再取。 GraphiQL is already there.\n"
