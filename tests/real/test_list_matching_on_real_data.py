"""Names of the essential list against registered imports: the English names, which matching never sees, agree."""

import csv
import json
import re

from connectors.essential_medicines.names import names
from hub.ingest.list_matching import Medicine, Method, Named, meant
from tests.lib.shared_data import shared_file

#: the list's English name, and another one that the register has for the same substance
SYNONYMS = {
    "Fusidic Acid": "Fusidate",
    "Montmorillonite": "Diosmectite",
    "Macrogol": "Polyethylene Glycol",
    "Compound Tropicamide": "Tropicamide",
}


def letters(text: str) -> str:
    """The letters of a name, small."""
    return re.sub(r"[^a-z]", "", text.lower())


def agrees(listed: str, registered: str) -> bool:
    """Whether each longer word of the list's name, or of the other one, begins a word of the register's."""
    return any(_begins(name, registered) for name in (listed, SYNONYMS.get(listed, listed)))


def _begins(name: str, registered: str) -> bool:
    words = [word for word in re.split(r"[ /-]", name) if len(letters(word)) > 4]
    return all(letters(word)[:6] in letters(registered) for word in words)


def test_what_names_mean_agrees_with_english_names() -> None:
    """Half of 476 names mean a registered import; all of over 900 matches agree, of whole names and without salts."""
    with shared_file("essential_medicines_2026.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = dict(
            names(row["name_zh"], row["name_en"])
            for row in csv.DictReader(file)
            if row["kind"].startswith("化学")
        )
    lines = shared_file("nmpa_import_chemical.jsonl").read_text("utf-8").splitlines()
    register = [json.loads(line) for line in lines]
    medicines = [
        Medicine(place, row["code"], (), row["product_zh"], None, None) for place, row in enumerate(register)
    ]
    keys = list(listed)
    found = meant([Named((place, ""), name, None, None, None) for place, name in enumerate(keys)], medicines)
    wrong = [
        (keys[place], register[product]["product_zh"])
        for (place, _), product in found
        if not agrees(listed[keys[place]] or "", register[product]["product_en"] or "")
    ]
    assert [] == wrong
    methods = [known.method for known in found.values()]
    assert methods.count(Method.NAME) > 550
    assert methods.count(Method.BASE_NAME) > 350
    assert len({place for (place, _), _ in found}) > 230
