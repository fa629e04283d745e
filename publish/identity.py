"""Who publishes, and what the whole is called. The one place that says so."""

from publish.manifest import Licence
from schema.declare import Label

TITLE = Label("短缺药品保供开放数据", "Open data on medicines in short supply")
DESCRIPTION = Label(
    "药品注册、短缺与监测、停复产、挂网价格、药店在售、公立医疗机构配备、邮政配送等可以向社会公开的数据，按版本发布，每版内容不变。",
    "What the public may know of the supply of medicines: registration, shortage, stops and resumptions, listed prices,"
    " what pharmacies have on sale, what public institutions keep, postal delivery. In releases that never change.",
)
PUBLISHER = Label("保供", "Baogong")
#: a name for the package in registries of packages
NAME = "baogong"
KEYWORDS = (
    Label("短缺药品", "medicine shortages"),
    Label("药品供应保障", "medicine supply"),
    Label("药店在售", "pharmacy availability"),
    Label("医疗机构配备", "hospital formularies"),
    Label("开放数据", "open data"),
)
LICENCE = Licence(
    name="CC-BY-4.0",
    title=Label(
        "知识共享署名 4.0 国际许可协议：可自由使用，须注明来源和发布版本",
        "Creative Commons Attribution 4.0 International: use it freely, naming the source and the release",
    ),
    url="https://creativecommons.org/licenses/by/4.0/",
)
