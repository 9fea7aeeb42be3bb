"""Reserving goods with dates beside plain product_expiry, and the nightly action."""

import time
from statistics import median

from odoo.tools import SQL

from . import goods
from .databases import Database, copy_of, measure
from .ratios import summarise

QUANTS = 50_000
QUANTITY = 200
# Every so manieth lot of the reservation, and of the nightly action, has expired.
EXPIRED = 10
LOTS = 200_000
BATCHES = 1_000


def run(plain, full, pairs):
    """Measure reservation in pairs, and the scheduled action once.

    :param plain: the database without the addons
    :param full: the database with the addons
    :param int pairs: how often
    :return: ``{"reserve": {"plain": (seconds, queries), "full": …, "ratio": …},
        "nightly": {"seconds": …, "again": …, "queries": …}}``
    """
    return {
        "reserve": _run_reservation(plain, full, pairs),
        "nightly": _run_night(full),
    }


# -- Reservation -----------------------------------------------------------------------


def _run_reservation(plain, full, pairs):
    product_ids = {}
    for database in (plain, full):
        with database.environment(commit=True, user=None) as env:
            goods.switch_rules_off(env)
            product = _make_product(env, "Dated")
            _make_lots(env, product, QUANTS)
            product_ids[database] = product.id
            if database is full:
                # as the scheduled action leaves them
                lots = env["stock.lot"].search([("product_id", "=", product.id)])
                held = lots._qms_hold_expired()
                assert len(held) == QUANTS // EXPIRED, len(held)
    samples = {plain: [], full: []}
    for pair in range(pairs + 1):
        for database in list(samples)[:: 1 if pair % 2 else -1]:
            sample = _reserve(database, product_ids[database])
            if pair:
                samples[database].append(sample)
    both = zip(samples[plain], samples[full], strict=True)
    return {
        "plain": _summarise(samples[plain]),
        "full": _summarise(samples[full]),
        "ratio": summarise([(one.seconds, two.seconds) for one, two in both]),
    }


def _summarise(samples):
    seconds = median(sample.seconds for sample in samples)
    return seconds, int(median(sample.queries for sample in samples))


def _make_product(env, name):
    category = env["product.category"].create(
        {
            "name": name,
            "removal_strategy_id": env.ref("product_expiry.removal_fefo").id,
        }
    )
    return goods.make_product(
        env, name, use_expiration_date=True, expiration_time=30, categ_id=category.id
    )


def _make_lots(env, product, count):
    """Put lots into stock, of which some have expired; by SQL, which takes seconds."""
    (lot,) = goods.make_stock(env, product, 1)
    env.flush_all()
    quant = env["stock.quant"].search([("lot_id", "=", lot.id)])
    numbers = SQL("generate_series(2, %s) AS number", count)
    expires = SQL(
        """now() AT TIME ZONE 'utc' + INTERVAL '20 days'
           - (CASE WHEN number %% %s = 0 THEN 40 ELSE 0 END + number %% 15)
             * INTERVAL '1 day'""",
        EXPIRED,
    )
    dates = dict.fromkeys(("expiration_date", "removal_date", "alert_date"), expires)
    name = SQL("'%s-' || number", product.id)
    _multiply(env, lot, numbers, {**dates, "name": name, "use_date": expires})
    made = SQL(
        """stock_lot AS lot ON lot.product_id = %s AND lot.id <> %s""",
        product.id,
        lot.id,
    )
    copied = {
        "lot_id": SQL("lot.id"),
        "expiration_date": SQL("lot.expiration_date"),
        "removal_date": SQL("lot.removal_date"),
    }
    _multiply(env, quant, made, copied)
    env.cr.execute(SQL("ANALYZE stock_lot"))
    env.cr.execute(SQL("ANALYZE stock_quant"))
    env.invalidate_all()


def _multiply(env, record, source, values):
    """Insert copies of a row, with other values for each row of ``source``."""
    table = SQL.identifier(record._table)
    env.cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id' ORDER BY 1",
            record._table,
        )
    )
    names = [name for (name,) in env.cr.fetchall()]
    columns = SQL(", ").join(map(SQL.identifier, names))
    chosen = SQL(", ").join(
        values.get(name, SQL("origin.%s", SQL.identifier(name))) for name in names
    )
    joined = SQL("CROSS JOIN %s", source)
    if "lot_id" in values:
        joined = SQL("JOIN %s", source)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s AS origin %s WHERE origin.id = %s",
            table,
            columns,
            chosen,
            table,
            joined,
            record.id,
        )
    )


def _reserve(database, product_id):
    """Return the sample of one reservation, undone."""
    database.settle()
    with database.environment() as env:
        product = env["product.product"].browse(product_id)
        kind = goods.warehouse(env).out_type_id
        places = {
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        move = {
            "product_id": product.id,
            "product_uom_qty": QUANTITY,
            "product_uom": product.uom_id.id,
            **places,
        }
        picking = env["stock.picking"].create(
            {"picking_type_id": kind.id, **places, "move_ids": [(0, 0, move)]}
        )
        picking.action_confirm()
        picking.do_unreserve()
        sample = measure(env, picking.action_assign)
        lots = picking.move_line_ids.lot_id
        assert len(lots) == QUANTITY, len(lots)
        assert min(lots.mapped("expiration_date")) > env.cr.now(), "expired"
        return sample


# -- The scheduled action --------------------------------------------------------------


def _run_night(full):
    """Let the scheduled action show what has expired, on a copy of the database."""
    full.close()
    with copy_of(full.name) as name:
        database = Database(name)
        with database.environment(commit=True, user=None) as env:
            product = _make_product(env, "Night")
            _make_lots(env, product, LOTS)
            product_id = product.id
        database.settle()
        with database.environment(commit=True, user=None) as env:
            found = _run_action(env)
            found["again"] = _run_action(env)["seconds"]
            check(env, product_id)
        database.close()
        return found


def _run_action(env):
    queries, start = env.cr.sql_log_count, time.perf_counter()
    env["stock.lot"]._cron_hold_expired(batch=BATCHES)
    return {
        "seconds": time.perf_counter() - start,
        "queries": env.cr.sql_log_count - queries,
    }


def check(env, product_id):
    """Every lot that has expired shows it, once, and no other does."""
    domain = [("product_id", "=", product_id), ("is_expiry", "=", True)]
    held = env["qms.hold"].search(domain).lot_id
    expired = env["stock.lot"].search(
        [("product_id", "=", product_id), ("expiration_date", "<", env.cr.now())]
    )
    assert held == expired, (len(held), len(expired))
    assert len(held) == LOTS // EXPIRED, len(held)
