"""Under which terms the data may be used. The one place that says so."""

from publish.manifest import Licence
from schema.declare import Label

LICENCE = Licence(
    name="CC-BY-4.0",
    title=Label(
        "知识共享署名 4.0 国际许可协议：可自由使用，须注明来源和发布版本",
        "Creative Commons Attribution 4.0 International: use it freely, naming the source and the release",
    ),
    url="https://creativecommons.org/licenses/by/4.0/",
)
