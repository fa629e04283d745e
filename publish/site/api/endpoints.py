"""The endpoints: each with what it may be asked, what it answers with, and how."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from publish.site.api import answers, rows, sql
from publish.site.api.parameters import (
    AFTER,
    LIMIT,
    LIST,
    MEDICINE,
    ON_DAY,
    QUERY,
    REGION,
    Asked,
    Parameter,
    read_query,
)
from publish.site.api.problems import ProblemError, problem_response
from publish.site.downloads import all_releases
from publish.site.pages.medicine import Medicine, medicine_of_concept
from publish.site.places import known_region, sources_of
from publish.site.reading import Row, match_of, read_id, read_matches, read_rows
from publish.site.routes import View
from publish.site.served import served_by
from publish.site.sql import lists as list_sql
from publish.site.sql import medicines as medicine_sql
from publish.site.sql import search as search_sql
from publish.site.sql.places import INSTITUTIONS, PHARMACIES, Kind
from publish.site.status import Level, status_of
from schema.declare import EntityField, Label
from schema.identifiers import IdentifierError
from schema.regions import COUNTRY_CODE, code_range

#: rows that a question may read through, without an index for what it asks
_READ_THROUGH_MAX = 100_000

Answer = Callable[[Datasette, Request, Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of question."""

    path: str
    name: str
    label: Label
    parameters: tuple[Parameter, ...]
    #: JSON schema of the answer
    schema: dict[str, Any]
    answer: Answer

    @property
    def pattern(self) -> str:
        """The regular expression of its address."""
        return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)

    def view(self) -> View:
        """What answers it over HTTP."""

        async def view(datasette: Datasette, request: Request) -> Response:
            try:
                for parameter in self.parameters:
                    if parameter.is_path:
                        parameter.check(request.url_vars[parameter.name])
                return await self.answer(datasette, request, read_query(request, self.parameters))
            except ProblemError as problem:
                return problem_response(problem)

        return view


async def _release(datasette: Datasette, _request: Request, _asked: Asked) -> Response:
    release = served_by(datasette).release
    counts = [{"table": name, "rows": count} for name, count in release.row_counts.items()]
    return answers.one(datasette, tables=counts)


async def _releases(datasette: Datasette, request: Request, asked: Asked) -> Response:
    found = all_releases(served_by(datasette).settings.releases)
    told = [
        {"id": each.id, "data_as_of": each.data_as_of, "batch_count": len(each.batches)} for each in found
    ]
    return answers.some(datasette, request, Asked({}, len(told) + 1, None), told, [])


async def _medicines(datasette: Datasette, request: Request, asked: Asked) -> Response:
    match = match_of(asked.values["q"])
    after = asked.after[0] if asked.after and isinstance(asked.after[0], int) else 0
    page = {"after": after, "limit": asked.limit + 1}
    found = await read_matches(datasette, search_sql.FOUND, match, **page) if match else []
    return answers.some(
        datasette, request, asked, [_entry(row) for row in found], [[row["rank"]] for row in found]
    )


def _entry(row: Row) -> Row:
    return {
        "medicine": str(row["concept_id"]) if row["concept_id"] else None,
        "name_zh": row["name_zh"],
        "form_group": row["form_group"],
        "strength": row["strength"],
        "approval_number": row["approval_number"],
        "product_count": row["product_count"] or 1,
        "is_on_sale": bool(row["is_on_sale"]),
        "has_notice": bool(row["has_notice"]),
    }


async def _medicine(datasette: Datasette, request: Request, _asked: Asked) -> Response:
    found = await _found(datasette, request)
    notices = await read_rows(datasette, medicine_sql.SUPPLY_NOTICES, products=found.product_ids)
    standing = await read_rows(datasette, list_sql.STANDING, products=found.product_ids)
    return answers.one(
        datasette,
        medicine=request.url_vars["medicine"],
        name_zh=found.name,
        name_en=found.name_en,
        form_group=found.form,
        strength=found.strength,
        status=status_of(found.products, standing, notices).level.value,
        products=[rows.shown(_PRODUCT, row) for row in found.products],
        lists=[
            {"list": str(row["list_id"]), "name": row["list_name"], "since_on": row["since_on"]}
            for row in standing
        ],
        notices=[rows.shown(_NOTICE, row) for row in notices],
    )


def _standing(row: Row) -> Row:
    return {"list": str(row["list_id"]), "name": row["list_name"], "since_on": row["since_on"]}


def _places(kind: Kind) -> Answer:
    """Where one medicine is among the places of a kind."""

    async def answer(datasette: Datasette, request: Request, asked: Asked) -> Response:
        found = await _found(datasette, request)
        if found.special_control is not None:
            raise ProblemError(
                404, "whereabouts", "特殊管理药品的所在地不公开 where it is kept is not published"
            )
        try:
            region = await known_region(datasette, asked.get("region") or COUNTRY_CODE)
        except IdentifierError as error:
            raise ProblemError(404, "region", "没有这个地区 there is no such region") from error
        database = (await sources_of(datasette, found.product_ids)).of(region)
        if database is None and region == COUNTRY_CODE:
            raise ProblemError(404, "region", "请给出地区 this medicine is asked for by region")
        low, high = code_range(region)
        key = asked.after if asked.after and len(asked.after) == 2 else [None, None]
        found_rows = await read_rows(
            datasette, kind.for_programs, database, products=found.product_ids, low=low, high=high,
            k0=key[0], k1=key[1], limit=asked.limit + 1,
        ) if database else []  # fmt: skip
        keys = [[row[kind.id], row["item_id"]] for row in found_rows]
        shown = [rows.shown(_place_fields(kind), row) for row in found_rows]
        return answers.some(datasette, request, asked, shown, keys)

    return answer


async def _prices(datasette: Datasette, request: Request, asked: Asked) -> Response:
    found = await _found(datasette, request)
    key = asked.after if asked.after and len(asked.after) == 2 else [None, None]
    periods = await read_rows(
        datasette, sql.PRICES, products=found.product_ids, k0=key[0], k1=key[1], limit=asked.limit + 1
    )
    keys = [[row["listing_id"], row["valid_from"]] for row in periods]
    return answers.some(datasette, request, asked, [rows.shown(_PRICE, row) for row in periods], keys)


async def _list(datasette: Datasette, request: Request, asked: Asked) -> Response:
    wanted = request.url_vars["list"]
    found = next(
        (row for row in await read_rows(datasette, list_sql.LISTS) if str(row["id"]) == wanted), None
    )
    if found is None:
        raise ProblemError(404, "list", "没有这份清单 there is no such list")
    on_day = asked.get("on") or served_by(datasette).release.data_as_of[:10]
    entries = await read_rows(datasette, list_sql.ON_DAY, list_id=found["id"], on_day=on_day)
    return answers.one(
        datasette, list=wanted, name=found["name"], kind_code=found["kind_code"], region_code=found["region_code"],
        on=on_day, entries=[rows.shown(_ENTRY, row) for row in entries],
    )  # fmt: skip


async def _found(datasette: Datasette, request: Request) -> Medicine:
    found = await medicine_of_concept(datasette, read_id(request.url_vars["medicine"]))
    if found is None:
        raise ProblemError(404, "medicine", "没有这种药品 there is no such medicine")
    return found


def _table(name: str) -> Endpoint:
    table = rows.tables()[name]
    filters = {
        field.name: field
        for field in table.columns
        if field.declaration.filterable or field.name in table.key
    }

    async def answer(datasette: Datasette, request: Request, asked: Asked) -> Response:
        _require_index(datasette, table.name, asked.values)
        key = asked.after
        if key is not None and len(key) != len(table.key):
            raise ProblemError(404, "after", "续页标记不是本接口给出的 not a mark that this interface gave")
        values: dict[str, Any] = {
            f"f_{column}": _typed(filters[column].python_type, value)
            for column, value in asked.values.items()
        }
        values |= {f"k{number}": part for number, part in enumerate(key or [])}
        statement = sql.page_of(table, asked.values, is_first=key is None)
        found = await read_rows(datasette, statement, limit=asked.limit + 1, **values)
        keys = [[row[column] for column in table.key] for row in found]
        return answers.some(
            datasette, request, asked, [rows.shown(table.columns, row) for row in found], keys
        )

    return Endpoint(
        f"/api/v1/tables/{name}",
        f"table_{name}",
        table.entity.about.label,
        (
            *(Parameter(field.name, field.label, r"[^\u0000]{1,200}") for field in filters.values()),
            LIMIT,
            AFTER,
        ),
        answers.some_schema(rows.schema_of(table.columns)),
        answer,
    )


def _require_index(datasette: Datasette, table: str, columns: Iterable[str]) -> None:
    """Raise ProblemError where looking would read all of a large table."""
    site = served_by(datasette)
    slow = [column for column in columns if column not in site.indexed.get(table, [])]
    if slow and site.release.row_counts[table] > _READ_THROUGH_MAX:
        raise ProblemError(
            400, "large-table", f"此表很大，请下载后筛选 a large table: download it to filter by {slow[0]}"
        )


def _typed(python_type: type, text: str) -> Any:
    """A value as SQLite keeps it."""
    if python_type in (int, bool):
        named = {"true": 1, "false": 0}.get(text)
        return named if named is not None else read_id(text)
    return text


_PRODUCT = rows.fields_named(
    "product", "id", "approval_number", "name_zh", "trade_name_zh", "specification", "holder_name",
    "manufacturer_name", "approved_on", "batch_id", "row_number",
)  # fmt: skip
_NOTICE = rows.fields_named(
    "supply_notice", "id", "approval_number", "specification", "notice_kind_code", "planning_code", "cause_code",
    "stop_on", "expected_return_on", "resumed_on", "batch_id", "row_number",
)  # fmt: skip
_ENTRY = rows.fields_named(
    "list_change", "entry_id", "scope_level_code", "name_zh", "dosage_form", "strength_text", "approval_number",
    "effective_on", "reason_code", "reason_text", "version_id", "batch_id", "row_number",
)  # fmt: skip


def _place_fields(kind: Kind) -> tuple[EntityField, ...]:
    return (
        *rows.fields_named(kind.kept, kind.id, "item_id"),
        *rows.fields_named(kind.name, "region_code", "name", "address"),
        *rows.fields_named("product", "approval_number"),
        *rows.fields_named(kind.kept, "stock_band_code"),
        *rows.fields_named(kind.confirmed, "confirmed_at"),
        *rows.fields_named(kind.kept, "batch_id", "row_number"),
    )


_PRICE = rows.tables()["listing_price"].columns

_TEXT: dict[str, Any] = {"type": "string"}
_TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}
_DAY_OR_NULL: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_FLAG: dict[str, Any] = {"type": "boolean"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "/api/v1", "release", Label("现行版本及各表行数", "The release that is served, and how many rows it has"), (),
        answers.one_schema(tables={"type": "array", "items": _object(table=_TEXT, rows=_COUNT)}), _release,
    ),
    Endpoint(
        "/api/v1/releases", "releases", Label("历次发布，新的在前", "All releases, the newest first"), (),
        answers.some_schema(_object(id=_TEXT, data_as_of={**_TEXT, "format": "date-time"}, batch_count=_COUNT)),
        _releases,
    ),
    Endpoint(
        "/api/v1/medicines", "medicines",
        Label("查药品：药名、拼音、商品名、企业、编码", "Medicines by name, pinyin, brand, company or code"),
        (QUERY, LIMIT, AFTER),
        answers.some_schema(
            _object(
                medicine=_TEXT_OR_NULL, name_zh=_TEXT, form_group=_TEXT_OR_NULL, strength=_TEXT_OR_NULL,
                approval_number=_TEXT, product_count=_COUNT, is_on_sale=_FLAG, has_notice=_FLAG,
            )
        ),
        _medicines,
    ),
    Endpoint(
        "/api/v1/medicines/{medicine}", "medicine",
        Label("一种药品：是否短缺、批准文号、停复产通知", "One medicine: whether short, its products, its notices"),
        (MEDICINE,),
        answers.one_schema(
            medicine=_TEXT, name_zh=_TEXT, name_en=_TEXT_OR_NULL, form_group=_TEXT_OR_NULL, strength=_TEXT_OR_NULL,
            status={"type": "string", "enum": [level.value for level in Level]},
            products={"type": "array", "items": rows.schema_of(_PRODUCT)},
            lists={"type": "array", "items": _object(list=_TEXT, name=_TEXT, since_on=_DAY_OR_NULL)},
            notices={"type": "array", "items": rows.schema_of(_NOTICE)},
        ),
        _medicine,
    ),
    Endpoint(
        "/api/v1/medicines/{medicine}/places", "places",
        Label("一种药品在哪些药店在售", "At which pharmacies one medicine is on sale"),
        (MEDICINE, REGION, LIMIT, AFTER),
        answers.some_schema(rows.schema_of(_place_fields(PHARMACIES))), _places(PHARMACIES),
    ),
    Endpoint(
        "/api/v1/medicines/{medicine}/institutions", "institutions",
        Label("一种药品在哪些公立医疗机构配备", "Which public institutions keep one medicine"),
        (MEDICINE, REGION, LIMIT, AFTER),
        answers.some_schema(rows.schema_of(_place_fields(INSTITUTIONS))), _places(INSTITUTIONS),
    ),
    Endpoint(
        "/api/v1/medicines/{medicine}/prices", "prices",
        Label("一种药品的挂网价格历史，各平台", "What one medicine was listed at, by platform and period"),
        (MEDICINE, LIMIT, AFTER), answers.some_schema(rows.schema_of(_PRICE)), _prices,
    ),
    Endpoint(
        "/api/v1/lists/{list}", "list",
        Label("一份清单在某一天的在列药品", "What a list held on a day"), (LIST, ON_DAY),
        answers.one_schema(
            list=_TEXT, name=_TEXT, kind_code=_TEXT, region_code=_TEXT, on={**_TEXT, "format": "date"},
            entries={"type": "array", "items": rows.schema_of(_ENTRY)},
        ),
        _list,
    ),
    *(_table(name) for name in rows.tables()),
)  # fmt: skip
