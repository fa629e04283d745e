"""Stock-takes of any size, as a chain's Windows program writes them: GB18030, every store with every item."""

from collections.abc import Iterator
from pathlib import Path

_HEADER = "门店编码,商品编码,通用名,商品名,规格,生产厂家,批准文号,条码,单位,零售价,库存\n"
#: counties in which the stores stand
_REGIONS = ("440106", "440305", "440104", "441302", "430102", "430104", "120119", "110101")


def write_approvals(path: Path, items: int) -> None:
    """As many approvals as there are items."""
    rows = (f"国药准字H{20000000 + n},演示药{n}片,{n % 50 + 1}mg\n" for n in range(items))
    path.write_text("批准文号,产品名称,规格\n" + "".join(rows), "utf-8")


def write_stores(path: Path, stores: int) -> None:
    """The chain's stores."""
    rows = (f"S{n:05},演示药店{n},{_REGIONS[n % len(_REGIONS)]}\n" for n in range(stores))
    path.write_text("门店编码,门店名称,行政区划代码\n" + "".join(rows), "utf-8")


def write_stock_take(path: Path, stores: int, items: int, day: int) -> None:
    """The stock-take of a day; from one day to the next one row in a hundred changes."""
    tails = [_item(n).encode("gb18030") for n in range(items)]
    with path.open("wb") as file:
        file.write(_HEADER.encode("gb18030"))
        for store in range(stores):
            file.writelines(_rows(store, tails, day))


def _rows(store: int, tails: list[bytes], day: int) -> Iterator[bytes]:
    code = f"S{store:05}".encode()
    for item, tail in enumerate(tails):
        changed = (store * 7 + item) % 100 < day - 1
        stock = 1000 + day if changed else (store * 31 + item * 17) % 200
        yield code + tail + str(stock).encode() + b"\n"


def _item(number: int) -> str:
    price = number % 300 / 10 + 5
    return (
        f",A{number:06},演示药{number}片,,{number % 50 + 1}mg*24片,演示制药有限公司,"
        f"国药准字H{20000000 + number},,盒,{price:.2f},"
    )
