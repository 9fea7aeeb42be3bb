"""The nightly action that lists goods near their date, among very many lots."""

from odoo.tools import SQL

from . import goods
from .databases import Database, copy_of, measure_action

LOTS = 200_000
# How many come near their date in one night.
NEAR = 10_000
DAYS = 30


def run(full):
    """Let the scheduled action list what is near, on a copy of the database.

    Twice: the second night nothing is new, and all lots are looked through again.

    :param full: the database with the addons
    :return: ``{"first" and "second": {"seconds": …, "worked": seconds without waiting,
        "queries": …}}``
    """
    full.close()
    with copy_of(full.name) as name:
        database = Database(name)
        with database.environment(commit=True) as env:
            product = make_lots(env)
        database.settle()
        found = {}
        for night, listed in (("first", NEAR), ("second", 0)):
            with database.environment(commit=True, user=None) as env:
                before = count(env, product)
                found[night] = measure_action(
                    env, env["qms.expiry.decision"]._cron_near_expiry
                )
                assert count(env, product) - before == listed
        database.close()
        return found


def make_lots(env):
    """Put lots into stock, of which some are near; the warehouse holds those.

    :return: their product
    """
    goods.switch_rules_off(env)
    env["product.template"].search([]).qms_near_expiry = False
    env["product.category"].search([]).qms_near_expiry = False
    env["res.company"].search([]).qms_near_expiry = False
    product = goods.make_product(
        env, "Near", use_expiration_date=True, qms_near_expiry=f"{DAYS}D"
    )
    warehouse = goods.warehouse(env)
    warehouse.qms_near_expiry_mode = "hold"
    env.flush_all()
    env.cr.execute(_get_lots_query(product))
    env.cr.execute(_get_stock_query(product, warehouse.lot_stock_id))
    return product


def _get_lots_query(product):
    """Return SQL that makes lots of ever later dates, the first of them near."""
    return SQL(
        """INSERT INTO stock_lot (name, product_id, expiration_date, create_uid,
               create_date, write_uid, write_date)
           SELECT 'NEAR-' || n, %(product)s,
                  now() AT TIME ZONE 'UTC' + (CASE WHEN n <= %(near)s
                      THEN 1 + n %% %(days)s ELSE %(days)s + 2 + n %% 400
                  END || ' days')::interval,
                  1, now(), 1, now()
           FROM generate_series(1, %(lots)s) n""",
        product=product.id,
        near=NEAR,
        days=DAYS - 1,
        lots=LOTS,
    )


def _get_stock_query(product, place):
    return SQL(
        """INSERT INTO stock_quant (product_id, lot_id, location_id, company_id,
               quantity, reserved_quantity, in_date, expiration_date)
           SELECT product_id, id, %(place)s, %(company)s, 1, 0, now(), expiration_date
           FROM stock_lot WHERE product_id = %(product)s""",
        place=place.id,
        company=place.company_id.id,
        product=product.id,
    )


def count(env, product):
    """Return how many lots of the product are listed, each once and held."""
    rows = env["qms.expiry.decision"].search([("product_id", "=", product.id)])
    holds = env["qms.hold"].search_count([("product_id", "=", product.id)])
    assert len(rows) == len(rows.lot_id) == holds
    return holds
