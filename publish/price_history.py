"""The history of listed prices, worked out of the facts: what each listing cost, and in which period (decision 0051).

The query runs over the hub's tables; SQLite runs it too, where tests build releases without a server.
"""

from schema.entities.fact import OPEN_END, live_now
from schema.procurement import PriceState

#: what the hub believes today, of all times; beliefs that were taken back are not told
_BELIEVED = f"superseded_at = '{OPEN_END}'"
#: all that a platform can say of a price but that it is confidential; a word added to these is confidential until it
#: is added here
_PUBLIC_STATES = ", ".join(f"'{state}'" for state in (PriceState.STATED, PriceState.ZERO, PriceState.MISSING))

#: The last word on each product of a platform: certain to be a medicine that may be told of in detail. One that has
#: left its platform is among them, for its prices were public.
_PRODUCTS = f"""
SELECT p.id, p.product_id, p.product_code FROM platform_product p
 WHERE p.{_BELIEVED} AND p.match_code = 'linked'
   AND p.product_id IN (SELECT id FROM product WHERE {live_now()} AND special_control_code IS NULL)
   AND NOT EXISTS (
       SELECT 1 FROM platform_product later
        WHERE later.id = p.id AND later.{_BELIEVED} AND later.valid_to > p.valid_to
   )
"""

#: until when a platform called the price of a product confidential, in any of its listings
_SECRET = f"""
SELECT platform_product_id, max(valid_to) AS valid_to FROM listing
 WHERE {_BELIEVED} AND price_state_code NOT IN ({_PUBLIC_STATES}) GROUP BY platform_product_id
"""

#: Prices stated since; a period `begins` where the one before said otherwise, or did not reach so far. A listing says
#: one thing at a time, so that of the periods with the same words the one before is the last.
_STATED = f"""
SELECT l.*, p.product_id, p.product_code,
       CASE WHEN l.valid_from = lag(l.valid_to) OVER same THEN 0 ELSE 1 END AS begins
 FROM listing l JOIN products p ON p.id = l.platform_product_id
 LEFT JOIN secret s ON s.platform_product_id = l.platform_product_id
 WHERE l.{_BELIEVED} AND l.price_state_code = '{PriceState.STATED}'
   AND (s.valid_to IS NULL OR l.valid_from >= s.valid_to)
   AND coalesce(l.pack_price_yuan, l.unit_price_yuan) IS NOT NULL
WINDOW same AS (
    PARTITION BY l.id, l.pack_price_yuan, l.unit_price_yuan, l.mode_code, l.is_stopped ORDER BY l.valid_from
)
"""

_NUMBERED = """
SELECT *, sum(begins) OVER (
    PARTITION BY id, pack_price_yuan, unit_price_yuan, mode_code, is_stopped ORDER BY valid_from
) AS period FROM stated
"""

# A release tells whole seconds: what did not hold for one is left out, or two periods would begin at the same time.
_FROM, _TO = "date_trunc('second', min(valid_from))", "date_trunc('second', max(valid_to))"

QUERY = f"""
WITH products AS ({_PRODUCTS}), secret AS ({_SECRET}), stated AS ({_STATED}), numbered AS ({_NUMBERED})
SELECT id AS listing_id, product_id, sender_code, platform_product_id, product_code, mode_code, is_stopped,
       pack_price_yuan, unit_price_yuan, {_FROM} AS valid_from, nullif({_TO}, '{OPEN_END}') AS valid_to,
       min(CASE WHEN begins = 1 THEN batch_id END) AS batch_id,
       min(CASE WHEN begins = 1 THEN row_number END) AS row_number
 FROM numbered
 GROUP BY id, product_id, sender_code, platform_product_id, product_code, mode_code, is_stopped, pack_price_yuan,
          unit_price_yuan, period
 HAVING {_FROM} < {_TO}
"""
