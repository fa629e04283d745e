"""Asking in SQL, in a process of its own: what it answers, and what it never does."""

import time
from urllib.parse import quote

import pytest

from tests.lib.site_server import Site, words

HARMFUL = [
    "select * from pragma_database_list",
    "pragma database_list",
    "attach database '/tmp/x.db' as x",
    "select load_extension('x')",
    "select writefile('/tmp/x', 'x')",
    "select readfile('/etc/passwd')",
    "create table x (y)",
    "create temp table x as select * from on_sale",
    "update product set name_zh = 'x'",
    "delete from product",
    "vacuum into '/tmp/x.db'",
    "select randomblob(500000000)",
    "select printf('%900000000c', 'x')",
    "select group_concat(printf('%900000c', 'x')) from region",
]


def ask(site: Site, question: str, prefix: str = "") -> str:
    """The page that answers a question."""
    return site.get(f"{prefix}/baogong?sql={quote(question)}").text


def test_questions_are_answered_in_the_frame_of_the_site(sql_site: Site) -> None:
    """Rows, in Chinese and in English, with release and demonstration said."""
    page = ask(sql_site, "select approval_number, name_zh from product order by 1 limit 2")
    text = words(page)
    assert [
        part
        for part in ("2 行。", "国药准字H20190001 阿莫西林胶囊", sql_site.release.id, "演示数据")
        if part not in text
    ] == []
    assert "2 rows." in words(ask(sql_site, "select name_zh from product limit 2", "/en"))


def test_values_are_given_apart(sql_site: Site) -> None:
    """A question with a place asks for its value."""
    question = quote("select name_zh from product where approval_number = :p_number")
    page = sql_site.get(f"/baogong?sql={question}&p_number={quote('国药准字H20190001')}").text
    assert ('name="p_number"' in page, "阿莫西林胶囊" in page) == (True, True)


def test_answers_come_as_json_and_csv_too(sql_site: Site) -> None:
    """For programs; CSV opens in Excel."""
    question = quote("select count(*) as products from product")
    assert sql_site.get(f"/baogong.json?sql={question}&_shape=objects").json()["rows"] == [{"products": 7}]
    assert sql_site.get(f"/baogong.csv?sql={question}").content.decode("utf-8-sig").split() == [
        "products",
        "7",
    ]


@pytest.mark.parametrize("question", HARMFUL)
def test_harm_is_refused(sql_site: Site, question: str) -> None:
    """Nothing is written, no other file is opened, nothing huge is made, and no path is told."""
    page = ask(sql_site, question)
    assert (str(sql_site.folder) in page, "baogong.sqlite" in page, "Traceback" in page) == (
        False,
        False,
        False,
    )
    assert "root:" not in page


def test_endless_questions_end(sql_site: Site) -> None:
    """After half a second, and rows without end after the largest page."""
    began = time.monotonic()
    page = ask(
        sql_site, "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    )
    assert ("请减少条件后再试" in page or "查询没有成功" in page, time.monotonic() - began < 10) == (
        True,
        True,
    )
    rows = ask(sql_site, "with recursive n(x) as (select 1 union all select x + 1 from n) select x from n")
    assert "只显示前 1,000 行" in rows


def test_its_other_pages_are_not_there(sql_site: Site) -> None:
    """The process answers SQL; pages are the main site's, and the insides nobody's."""
    addresses = (
        "/search?q=x",
        "/medicine/1",
        "/api/v1",
        "/latest/manifest.json",
        "/-/threads",
        "/-/databases.json",
    )
    assert [sql_site.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert "Disallow: /" in sql_site.get("/robots.txt").text


def test_the_main_site_answers_no_sql(site: Site) -> None:
    """Its page says where to ask; a question sent to it is refused."""
    assert "本部署没有开启 SQL 查询" in site.text("/sql")
    assert site.get("/baogong?sql=select+1").status_code == 403
