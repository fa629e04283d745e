"""SQL of places: where medicines are on sale or kept, what a place has, what a region has."""

from dataclasses import dataclass

from publish.site.sql.common import SOURCE

# The national file has what is on sale of medicines on a list in force, and everything while there is no list.
IS_NATIONAL = """
SELECT NOT EXISTS (SELECT 1 FROM drug_list_entry) OR NOT EXISTS (
    SELECT 1 FROM json_each(:products) k WHERE k.value NOT IN (
        SELECT product_id FROM list_match WHERE entry_id IN (SELECT id FROM drug_list_entry)
    )
) AS is_national
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of places as a release has it, and what is asked of it. Names of tables stand here and nowhere else."""

    #: the table of the places; texts of pages and addresses are called after it
    name: str
    items: str
    #: what places have: a place, an item
    kept: str
    #: when a place last confirmed what it has
    confirmed: str

    @property
    def id(self) -> str:
        """The column with a place's identifier."""
        return f"{self.name}_id"

    @property
    def _places(self) -> str:
        # A medicine under special control is left out again here, although a release holds no such row.
        return f"""
 FROM {self.items} i
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 JOIN {self.kept} o ON o.item_id = i.id
 JOIN {self.name} p ON p.id = o.{self.id}
 WHERE i.product_id IN (SELECT value FROM json_each(:products))
"""

    @property
    def by_region(self) -> str:
        """Places by region and band. One may have a medicine under several items: it counts once, with the best."""
        return f"""
SELECT region_code, CASE best WHEN 3 THEN 'in_stock' WHEN 2 THEN 'few' WHEN 1 THEN 'unknown' ELSE 'out_of_stock' END
       AS band, count(*) AS places FROM (
    SELECT p.region_code, max(CASE o.stock_band_code WHEN 'in_stock' THEN 3 WHEN 'few' THEN 2 WHEN 'unknown' THEN 1
           ELSE 0 END) AS best
     {self._places} GROUP BY p.id
) GROUP BY region_code, best
"""

    @property
    def page(self) -> str:
        """A page of places with a medicine: chosen by keys alone; names and times are fetched for its rows only."""
        return f"""
SELECT k.*, p.name, p.address, s.confirmed_at, m.approval_number, m.holder_name, i.specification FROM (
    SELECT p.region_code, p.id AS place_id, i.id AS item_id, o.stock_band_code, o.batch_id, o.row_number
     {self._places}
       AND p.region_code >= :low AND p.region_code < :high
       AND (:after_place IS NULL OR (p.region_code, p.id, i.id) >
            ((SELECT region_code FROM {self.name} WHERE id = :after_place), :after_place, :after_item))
     ORDER BY p.region_code, p.id, i.id LIMIT :limit
 ) k JOIN {self.name} p ON p.id = k.place_id JOIN {self.items} i ON i.id = k.item_id
 JOIN product m ON m.id = i.product_id LEFT JOIN {self.confirmed} s ON s.{self.id} = k.place_id
 ORDER BY k.region_code, k.place_id, k.item_id
"""

    @property
    def one(self) -> str:
        """One place, and where its row comes from."""
        return f"""
SELECT p.*, s.confirmed_at, {SOURCE}
 FROM {self.name} p LEFT JOIN {self.confirmed} s ON s.{self.id} = p.id
 LEFT JOIN batch b ON b.id = p.batch_id LEFT JOIN feed f ON f.code = b.feed_code
 WHERE p.id = :id
"""

    @property
    def _shelf(self) -> str:
        return f"""
 FROM {self.kept} o JOIN {self.items} i ON i.id = o.item_id
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 WHERE o.{self.id} = :id
   AND (:products IS NULL OR m.id IN (SELECT value FROM json_each(:products)))
"""

    @property
    def shelf_count(self) -> str:
        """How many items a place has, by band."""
        return f"SELECT o.stock_band_code AS band, count(*) AS items {self._shelf} GROUP BY band"

    @property
    def shelf(self) -> str:
        """What a place has, by name."""
        return f"""
SELECT i.id AS item_id, m.approval_number, m.concept_id, m.name_zh, i.specification, i.manufacturer_name,
       o.stock_band_code, o.batch_id, o.row_number
 {self._shelf}
   AND (:after IS NULL OR (m.name_zh, i.id) >
        (SELECT p.name_zh, l.id FROM {self.items} l JOIN product p ON p.id = l.product_id WHERE l.id = :after))
 ORDER BY m.name_zh, i.id LIMIT :limit
"""

    @property
    def coverage(self) -> str:
        """Places of a region by the division below it (the first :digits of the code)."""
        return f"""
SELECT substr(p.region_code, 1, :digits) AS prefix, count(*) AS places, count(s.{self.id}) AS confirmed,
       max(s.confirmed_at) AS confirmed_at
 FROM {self.name} p LEFT JOIN {self.confirmed} s ON s.{self.id} = p.id
 WHERE p.region_code >= :low AND p.region_code < :high GROUP BY prefix
"""

    @property
    def of_region(self) -> str:
        """Places of a region."""
        return f"""
SELECT p.*, s.confirmed_at FROM {self.name} p LEFT JOIN {self.confirmed} s ON s.{self.id} = p.id
 WHERE p.region_code >= :low AND p.region_code < :high
   AND (:after IS NULL OR (p.region_code, p.id) > ((SELECT region_code FROM {self.name} WHERE id = :after), :after))
 ORDER BY p.region_code, p.id LIMIT :limit
"""

    @property
    def for_programs(self) -> str:
        """A page of places with a medicine in the order of its key, as the interface gives it."""
        return f"""
SELECT o.{self.id}, o.item_id, p.region_code, p.name, p.address, m.approval_number, o.stock_band_code,
       s.confirmed_at, o.batch_id, o.row_number
 FROM {self.items} i
 JOIN product m ON m.id = i.product_id AND m.special_control_code IS NULL
 JOIN {self.kept} o ON o.item_id = i.id
 JOIN {self.name} p ON p.id = o.{self.id}
 LEFT JOIN {self.confirmed} s ON s.{self.id} = o.{self.id}
 WHERE i.product_id IN (SELECT value FROM json_each(:products))
   AND p.region_code >= :low AND p.region_code < :high
   AND (:k0 IS NULL OR (o.{self.id}, o.item_id) > (:k0, :k1))
 ORDER BY o.{self.id}, o.item_id LIMIT :limit
"""


PHARMACIES = Kind("pharmacy", "local_item", "on_sale", "stock_take")
INSTITUTIONS = Kind("institution", "institution_item", "institution_medicine", "formulary_confirmation")

#: the partner of the post that a pharmacy is, if it is one
PARTNER = "SELECT * FROM partner_pharmacy WHERE pharmacy_id = :id"

#: institutions whose names hold what was typed; an index has all three columns, in this order, and is read until enough
INSTITUTIONS_NAMED = """
SELECT id, name, region_code FROM institution WHERE instr(name, :text) > 0
 ORDER BY name, region_code, id LIMIT :limit
"""

NEWEST_STOCK_TAKES = """
SELECT p.id, p.name, p.region_code, s.confirmed_at
 FROM (SELECT pharmacy_id, confirmed_at FROM stock_take ORDER BY confirmed_at DESC, pharmacy_id LIMIT :limit) s
 JOIN pharmacy p ON p.id = s.pharmacy_id
 ORDER BY s.confirmed_at DESC, p.id
"""

REGION = """
SELECT r.*, u.name AS parent_name FROM region r LEFT JOIN region u ON u.code = r.parent_code WHERE r.code = :code
"""

CHILDREN = "SELECT code, name, level_code FROM region WHERE parent_code = :code ORDER BY code"

REGION_OUTLETS = """
SELECT o.*, p.name AS partner_name, p.pharmacy_id FROM postal_outlet o
 LEFT JOIN partner_pharmacy p ON p.id = o.partner_pharmacy_id
 WHERE o.region_code >= :low AND o.region_code < :high ORDER BY o.region_code, o.id LIMIT 50
"""

REGION_SERVICE = """
SELECT * FROM service_area WHERE region_code >= :low AND region_code < :high ORDER BY region_code, id LIMIT 50
"""
