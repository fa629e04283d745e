"""Provenance over HTTP: from each fact back to feed, batch, file, row and the text as it was received."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from hub.config import Settings
from schema.scopes import Scope
from tests.lib.graph import DIGOXIN, ON_SALE, REGISTRATION, STORES, GraphCaller, nodes, served
from tests.lib.hub import TestHub

PROVENANCE = "provenance { feedCode fileName rowNumber originalText }"


def line_of(content: bytes, encoding: str, number: int) -> str:
    """A line of a file, counted from 1."""
    return content.decode(encoding).splitlines()[number - 1]


@pytest.mark.parametrize(
    ("number", "file_name", "encoding"),
    [(DIGOXIN, "nmpa_table.csv", "gb18030"), ("H20171323", "nmpa_import.jsonl", "utf-8")],
)
async def test_a_medicine_leads_back_to_its_line(
    graph: GraphCaller, number: str, file_name: str, encoding: str
) -> None:
    """Feed, file and row; the original text is the line of the file that was sent."""
    data = await graph.data(
        f"query ($n: String!) {{ product(approvalNumber: $n) {{ approvalNumber {PROVENANCE} }} }}", n=number
    )
    found = data["product"]["provenance"]
    assert ("registration", file_name) == (found["feedCode"], found["fileName"])
    expected = line_of((REGISTRATION / file_name).read_bytes(), encoding, found["rowNumber"])
    assert expected == found["originalText"]
    assert number in expected


@pytest.mark.parametrize(
    ("relation", "column", "path", "encoding"),
    [
        ("pharmacy { storeCode %s }", "门店编码", STORES, "utf-8-sig"),
        ("item { itemCode %s }", "商品编码", ON_SALE, "gb18030"),
    ],
    ids=["store", "item"],
)
async def test_what_a_chain_said_leads_back_to_its_line(
    graph: GraphCaller, relation: str, column: str, path: Path, encoding: str
) -> None:
    """A store and an item: the row of the file has their code in its column."""
    data = await graph.data(
        f"{{ pharmacies(first: 1) {{ edges {{ node {{ onSale(first: 1) {{ edges {{ node {{ {relation % PROVENANCE} }}"
        " } } } } } }"
    )
    [[code, found]] = [
        list(next(iter(sale.values())).values()) for sale in nodes(nodes(data["pharmacies"])[0]["onSale"])
    ]
    assert line_of(path.read_bytes(), encoding, found["rowNumber"]) == found["originalText"]
    header = line_of(path.read_bytes(), encoding, 2)
    [row] = csv.DictReader(io.StringIO(f"{header}\n{found['originalText']}"))
    assert code == row[column]
    assert ("pharmacy", path.name) == (found["feedCode"], found["fileName"])


async def test_a_workbook_row_is_that_of_the_sheet_that_was_read(settings: Settings, hub: TestHub) -> None:
    """The table stands on the second sheet, behind a sheet of remarks."""
    book, content = Workbook(), io.BytesIO()
    assert book.active is not None
    for _ in range(5):
        book.active.append(["说明"])
    sheet = book.create_sheet("数据")
    sheet.append(["批准文号", "产品名称"])
    sheet.append([DIGOXIN, "地高辛片"])
    book.save(content)
    await hub.take("registration", content.getvalue(), name="two_sheets.xlsx")
    async with served(settings) as hub_at:
        graph = await hub_at.caller(Scope.REGISTRATION_READ, Scope.FEED_READ, Scope.FEED_RAW_READ)
        data = await graph.data("{ products { edges { node { provenance { rowNumber originalText } } } } }")
    assert [{"provenance": {"rowNumber": 2, "originalText": f"{DIGOXIN}\t地高辛片"}}] == nodes(
        data["products"]
    )


async def test_provenance_names_the_batch_and_the_bytes(graph: GraphCaller) -> None:
    """The batch is the one in the books of its feed, with the same checksum."""
    data = await graph.data(
        f'{{ product(approvalNumber: "{DIGOXIN}") {{ provenance {{ sha256 batch {{ id sha256 feed {{ code'
        " batches { edges { node { id fileName } } } } } } } }"
    )
    found = data["product"]["provenance"]
    assert found["sha256"] == found["batch"]["sha256"]
    assert {"id": found["batch"]["id"], "fileName": "nmpa_table.csv"} in nodes(
        found["batch"]["feed"]["batches"]
    )


@pytest.mark.parametrize(
    "fact",
    [
        'region(code: "440106") { %s }',
        'product(approvalNumber: "国药准字H20099007") { %s standardCodes { edges { node { %s } } } }',
        "pharmacies { edges { node { %s onSale(first: 1) { edges { node { %s item { %s } } } } } } }",
    ],
    ids=["region", "medicine and its codes", "store, what is on sale, item"],
)
async def test_every_fact_has_its_original_text(graph: GraphCaller, fact: str) -> None:
    """Whatever a connector fed has a row of a file behind it, and its text can be read back."""
    answer = await graph.post({"query": f"{{ {fact.replace('%s', PROVENANCE)} }}"})
    assert "errors" not in answer.json()
    assert '"originalText":"' in answer.text
    assert '"originalText":null' not in answer.text
