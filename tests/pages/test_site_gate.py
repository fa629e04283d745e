"""What the site's gate lets through, and what its answers carry: reading only, no traces, nothing of the insides."""

import json

import pytest

from publish.site.command import site_environment
from tests.lib.site import AMOXICILLIN, CONCEPT_ID, product_id
from tests.lib.site_server import Site

READ = ["/", f"/medicine/{CONCEPT_ID}", "/baogong/product", "/regions", "/latest/manifest.json"]
INSIDES = [
    *(
        f"/-/{name}"
        for name in ("threads", "actor", "allow-debug", "patterns", "logout", "plugins", "versions")
    ),
    *(f"/-/{name}.json" for name in ("databases", "metadata", "settings", "threads", "plugins")),
    "/-/databases",
    "/-/permissions",
    "/-/messages",
    "/-/auth-token",
    "/-/static/app.css",
    "/_internal",
    "/baogong/search_token",
    "/baogong/search_entry",
    "/baogong/search_token_data.json",
    "//-/threads",
    "/-/../-/threads",
]


def test_prices_and_stock_appear_nowhere(site: Site) -> None:
    """The store's price and count are in no table of the release as served."""
    text = site.get("/baogong/on_sale.json?_size=max").text + site.get("/baogong/on_sale.csv?_size=max").text
    assert ("987.65" in text, "4321" in text, "price" in text) == (False, False, False)


@pytest.mark.parametrize("address", INSIDES)
def test_insides_are_not_found(site: Site, address: str) -> None:
    """Nothing of Datasette's own inner pages, nor of the search index, can be opened."""
    assert site.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/baogong?sql=select+1", 403),
        ("/baogong.json?sql=select+1", 403),
        ("/baogong.db", 403),
        ("/baogong/product?approved_on__in=[", 400),
        ("/baogong/product?_sort=specification", 400),
        ("/baogong/product?_size=100000", 400),
        ("/en/baogong?sql=select+1", 403),
        ("/baogong/-/query?sql=select+1", 404),
    ],
)
def test_refusals_are_calm(site: Site, address: str, status: int) -> None:
    """What cannot be had is refused without a trace of the insides."""
    response = site.get(address)
    assert (response.status_code, "Traceback" in response.text, str(site.folder) in response.text) == (
        status,
        False,
        False,
    )


@pytest.mark.parametrize(
    "argument",
    [
        "_where=1=1",
        "_facet=name_zh",
        "_timelimit=x",
        "_through=[",
        "_trace=1",
        "_context=1",
        "_search=x",
        "_ttl=0",
    ],
)
def test_other_arguments_of_datasette_have_no_effect(site: Site, argument: str) -> None:
    """Arguments that name SQL or run costly paths are as if they were not there."""
    assert site.get(f"/baogong/feed.csv?{argument}").text == site.get("/baogong/feed.csv").text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_site_is_read_only(site: Site, method: str) -> None:
    """Other methods than GET and HEAD are not allowed."""
    assert site.request(method, "/").status_code == 405


@pytest.mark.parametrize("address", READ)
def test_head_has_the_headers_of_get(site: Site, address: str) -> None:
    """HEAD answers like GET, without a body."""
    head, get = site.request("HEAD", address), site.get(address)
    assert (head.status_code, head.headers["etag"], head.content) == (200, get.headers["etag"], b"")


@pytest.mark.parametrize("address", READ)
def test_what_did_not_change_is_not_sent_again(site: Site, address: str) -> None:
    """Who has the entity tag of an answer gets 304 without a body; who has another gets the answer."""
    tag = site.get(address).headers["etag"]
    again = site.get(address, headers={"if-none-match": f'"other", {tag}'})
    other = site.get(address, headers={"if-none-match": '"other"'})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_pages_may_be_cached_and_errors_not(site: Site) -> None:
    """Between two releases nothing changes; an unknown address may be known tomorrow."""
    found, unknown = site.get("/").headers, site.get("/nowhere").headers
    assert found["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert (unknown["cache-control"], "etag" in unknown) == ("no-cache", False)


def test_arguments_that_mean_nothing_make_no_other_page(site: Site) -> None:
    """They are taken away before the page is looked for, so that they cannot fill the cache."""
    assert site.get("/regions?utm_source=x&q=1").headers["etag"] == site.get("/regions").headers["etag"]


def test_cookies_and_hosts_change_nothing(site: Site) -> None:
    """A visitor's cookie or a faked host changes nothing, so that a shared cache cannot be poisoned."""
    plain = site.get("/baogong/on_sale")
    headers = {"cookie": "ds_actor=x", "authorization": "Bearer x", "host": "evil.example"}
    faked = site.get("/baogong/on_sale", headers=headers)
    assert (faked.text, faked.headers["cache-control"]) == (plain.text, plain.headers["cache-control"])


@pytest.mark.parametrize(
    "address", ["/", "/nowhere", "/-/threads", "/baogong/product.json", "/static/site.css"]
)
def test_answers_carry_the_security_headers(site: Site, address: str) -> None:
    """Only our own files may be loaded, nothing is sniffed or framed, no address is passed on, no cookie set."""
    headers = site.get(address).headers
    policy = headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy,
        "frame-ancestors 'none'" in policy,
        headers["x-content-type-options"],
        headers["referrer-policy"],
        "set-cookie" in headers,
        "server" in headers,
    ) == (True, True, "nosniff", "no-referrer", False, False)


def test_json_keeps_identifiers_whole(site: Site) -> None:
    """Identifiers of 63 bits are texts in JSON, so that JavaScript does not round them."""
    row = site.get(f"/baogong/product/{product_id(AMOXICILLIN)}.json?_shape=objects").json()["rows"][0]
    assert (row["id"], row["row_number"]) == (str(product_id(AMOXICILLIN)), 17)


def test_errors_in_json_are_json(site: Site) -> None:
    """An address ending in .json gives its errors in JSON."""
    response = site.get("/baogong/nowhere.json")
    assert (response.status_code, json.loads(response.text)["status"]) == (404, 404)


def test_csv_opens_in_excel(site: Site) -> None:
    """The file begins with the mark by which Excel knows UTF-8."""
    response = site.get("/baogong/feed.csv?_dl=on")
    assert (response.content[:3], response.content.decode("utf-8-sig").splitlines()[0]) == (
        b"\xef\xbb\xbf",
        "code,name_zh,name_en,cadence",
    )


def test_environment_has_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the hub's environment only what Python needs reaches the public process."""
    for name in ("HUB_DATABASE_URL", "HUB_SIGNING_KEY", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "secret")
    environment = site_environment()
    known = {"PATH", "LANG", "LC_ALL"}
    assert [name for name in environment if name not in known and not name.startswith("PYTHON")] == []
    assert "secret" not in environment.values()
