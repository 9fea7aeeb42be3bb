"""Registering components by scan: 500 scans in a row, on an order of 100 products."""

import time
import uuid
from statistics import median, quantiles

from . import goods

PRODUCTS = 100
COMPONENTS = 10
SCANS = 500
# Products whose registration has begun then.
BEGUN = -(-SCANS // (COMPONENTS + 1))


def run(full):
    """Scan a large order, on data that is undone.

    :param full: the database with the addons
    :return: ``{"median": …, "p95": …, "worked": …, "open": …, "queries": …}``: seconds
        of a scan, its 95th percentile, that of the time without waiting, seconds until
        the page is open, and queries of a scan
    """
    with full.environment() as env:
        order, parts = prepare(env)
        found = zip(*scan_all(env, order, parts), strict=True)
        seconds, worked, queries = found
        opened = _open(env, order)
    return {
        "median": median(seconds),
        "p95": quantiles(seconds, n=20)[-1],
        "worked": quantiles(worked, n=20)[-1],
        "open": opened,
        "queries": int(median(queries)),
    }


def _open(env, order):
    """Return the seconds that the server takes to show the page."""
    env.cr.flush()
    env.invalidate_all()
    start = time.perf_counter()
    data = order.qms_get_tracked()
    order.qms_get_tracked_components(data["products"][0]["id"])
    return time.perf_counter() - start


def prepare(env):
    """Make an order of serial numbers, and a serial number of each of its components.

    :return: the order, and lists of component lots, one list for each product
    """
    env.company.qms_tracked_new_numbers = "any"
    parts = goods.make_products(env, "Scanned part", COMPONENTS)
    parts.tracking = "serial"
    product = goods.make_product(env, "Scanned product")
    product.tracking = "serial"
    bom = env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "product_qty": 1,
            "bom_line_ids": [
                (0, 0, {"product_id": part.id, "product_qty": 1}) for part in parts
            ],
        }
    )
    lots = _make_serials(env, parts)
    order = env["mrp.production"].create(
        {"product_id": product.id, "bom_id": bom.id, "product_qty": PRODUCTS}
    )
    order.action_confirm()
    return order, lots


def _make_serials(env, parts):
    lots = env["stock.lot"].create(
        [
            {"name": f"{part.id}-{number}", "product_id": part.id}
            for number in range(PRODUCTS)
            for part in parts
        ]
    )
    place = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for lot in lots:
        env["stock.quant"]._update_available_quantity(
            lot.product_id, place, 1, lot_id=lot
        )
    names = lots.mapped("name")
    return [
        names[start : start + COMPONENTS] for start in range(0, len(names), COMPONENTS)
    ]


def scan_all(env, order, parts):
    """Register serial after serial with its components.

    Yield of each scan its seconds, those without waiting, and its queries.
    """
    count = 0
    for number, names in enumerate(parts):
        row = False
        for name in (f"SCANNED-{number}", *names):
            if count == SCANS:
                return
            count += 1
            answer, *figures = _scan(env, order, name, row)
            assert answer["outcome"] == "accepted", answer
            row = answer["product"]["id"]
            yield figures


def _scan(env, order, code, row):
    """Scan once, as a request does: nothing is in memory, all is written at the end."""
    env.cr.flush()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    worked = time.process_time()
    answer = order.qms_scan(
        {
            "id": str(uuid.uuid4()),
            "code": code,
            "mode": "component" if row else "product",
            "product": row,
        }
    )
    env.cr.flush()
    return (
        answer,
        time.perf_counter() - start,
        time.process_time() - worked,
        env.cr.sql_log_count - queries,
    )
