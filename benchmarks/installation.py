"""Installing and uninstalling on a database with a long history."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

from odoo.sql_db import close_db
from odoo.tools import SQL

from . import goods
from .databases import TABLES, Database, copy_of

LOTS = 200_000
MOVES = 85_000
LINES_PER_MOVE = 10
ADDON = "qms_quality"
UNINSTALL = """
import sys, time
module = env["ir.module.module"].search([("name", "=", "{addon}")])
start = time.perf_counter()
module.button_immediate_uninstall()
print("seconds", time.perf_counter() - start)
"""


def run(plain):
    """Install and uninstall on a copy of ``plain`` that has years of history.

    :return: dict of seconds and of what was in the database
    """
    with copy_of(plain.name) as name:
        database = Database(name)
        with database.environment(commit=True, user=None) as env:
            counts = make_history(env)
        database.settle()
        database.close()
        idle = _run_odoo(name)
        installed = _run_odoo(name, "-i", ADDON)
        uninstalled = _uninstall(name)
        close_db(name)
        return {
            "install": installed - idle,
            "uninstall": uninstalled,
            **counts,
        }


def make_history(env):
    """Make lots, their stock and the moves that brought and took it, in SQL."""
    product = goods.make_product(env, "History")
    env.flush_all()
    values = {
        "product": product.id,
        "uom": product.uom_id.id,
        "company": env.company.id,
        "stock": goods.warehouse(env).lot_stock_id.id,
        "supplier": env.ref("stock.stock_location_suppliers").id,
        "lots": LOTS,
        "moves": MOVES,
        "lines": LINES_PER_MOVE,
    }
    with bare_tables(env.cr):
        for statement in (MAKE_LOTS, MAKE_QUANTS, MAKE_MOVES, MAKE_LINES):
            env.cr.execute(SQL(statement, **values))
            # else the next statement is planned for the few rows there were before
            env.cr.execute("ANALYZE stock_lot, stock_move")
    return {table: _count(env, table) for table in ("stock_lot", "stock_move_line")}


@contextmanager
def bare_tables(cr, *more):
    """Without most indexes, which are made anew afterwards: that is faster.

    :param more: names of other tables than those that all history is in
    """
    cr.execute(
        SQL(
            """SELECT indexname, indexdef FROM pg_indexes
               WHERE schemaname = current_schema AND tablename IN %s
                 AND indexdef NOT LIKE %s""",
            (*TABLES, *more),
            "CREATE UNIQUE%",
        )
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for _name, definition in indexes:
        cr.execute(definition)


def _count(env, table):
    env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


MAKE_LOTS = """
    INSERT INTO stock_lot (name, product_id, location_id, create_uid, write_uid,
                           create_date, write_date)
    SELECT 'H' || number, %(product)s, %(stock)s, 1, 1, now(), now()
    FROM generate_series(1, %(lots)s) number
"""
MAKE_QUANTS = """
    INSERT INTO stock_quant (product_id, lot_id, location_id, company_id, quantity,
                             reserved_quantity, in_date, create_uid, write_uid,
                             create_date, write_date)
    SELECT %(product)s, id, %(stock)s, %(company)s, 4, 0, now(), 1, 1, now(), now()
    FROM stock_lot WHERE product_id = %(product)s
"""
MAKE_MOVES = """
    INSERT INTO stock_move (product_id, product_uom, product_uom_qty, product_qty,
                            quantity, picked, company_id, location_id,
                            location_dest_id, state, procure_method, date, sequence,
                            priority, reference, create_uid, write_uid, create_date,
                            write_date)
    SELECT %(product)s, %(uom)s, %(lines)s, %(lines)s, %(lines)s, true, %(company)s,
           %(supplier)s, %(stock)s, 'done', 'make_to_stock', now(), 10, '0', 'History',
           1, 1, now(), now()
    FROM generate_series(1, %(moves)s)
"""
MAKE_LINES = """
    INSERT INTO stock_move_line (move_id, product_id, product_uom_id, lot_id, quantity,
                                 quantity_product_uom, picked, company_id, location_id,
                                 location_dest_id, state, date, create_uid, write_uid,
                                 create_date, write_date)
    SELECT move.id, %(product)s, %(uom)s,
           lot.id, 1, 1, true,
           %(company)s, %(supplier)s, %(stock)s, 'done', now(), 1, 1, now(), now()
    FROM (SELECT id, row_number() OVER (ORDER BY id) number FROM stock_move
          WHERE product_id = %(product)s) move
    CROSS JOIN generate_series(1, %(lines)s) line
    JOIN (SELECT id, row_number() OVER (ORDER BY id) number FROM stock_lot
          WHERE product_id = %(product)s) lot
      ON lot.number = 1 + (move.number * %(lines)s + line) %% %(lots)s
"""


def _run_odoo(name, *arguments):
    """Start Odoo on a database, do something, stop; return the seconds."""
    start = time.perf_counter()
    _odoo(["-d", name, *arguments, "--stop-after-init", "--no-http"])
    return time.perf_counter() - start


def _uninstall(name):
    output = _odoo(
        ["shell", "-d", name, "--no-http"], stdin=UNINSTALL.format(addon=ADDON)
    )
    found = [line for line in output.splitlines() if line.startswith("seconds ")]
    left = Database(name)
    with left.environment(user=None) as env:
        assert "qms.hold" not in env
        env["stock.quant"].search([], limit=10).read()
    left.close()
    return float(found[-1].split()[1])


def _odoo(arguments, stdin=None):
    command = [sys.executable, "-m", "odoo", *arguments]
    done = subprocess.run(
        [*command, "-c", os.environ["ODOO_RC"]],
        input=stdin,
        capture_output=True,
        text=True,
    )
    if done.returncode or "CRITICAL" in done.stderr or "Traceback" in done.stderr:
        raise RuntimeError(f"{command} failed:\n{done.stderr[-3000:]}")
    return done.stdout
