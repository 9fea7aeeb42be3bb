"""Lots made of lots, by set-based SQL: raw, intermediate, finished and delivered."""

from odoo.tools import SQL

from . import goods
from .installation import bare_tables

RAW = 50_000
MADE_OF = 3
# One raw lot is in every so manieth intermediate one.
WIDESPREAD = 10
DELIVERIES = 2
INTERNAL_MOVES = 200


class History:
    """Batches of the same size: each makes the tables larger, and no answer.

    The first batch has the lots that are asked about: ``ordinary``, ``widespread`` and
    ``moved``, which was moved ``INTERNAL_MOVES`` times.
    """

    def __init__(self, env):
        self.products = {
            name: goods.make_product(env, f"Trace {name}").id
            for name in ("raw", "middle", "finished")
        }
        warehouse = goods.warehouse(env)
        partner = env["res.partner"].create({"name": "Trace customer"})
        self.values = {
            **self.products,
            "uom": env.ref("uom.product_uom_unit").id,
            "company": env.company.id,
            "stock": warehouse.lot_stock_id.id,
            "other": env["stock.location"]
            .create({"name": "Trace", "location_id": warehouse.lot_stock_id.id})
            .id,
            "supplier": env.ref("stock.stock_location_suppliers").id,
            "customer": env.ref("stock.stock_location_customers").id,
            "production": env["stock.location"]
            .search([("usage", "=", "production")], limit=1)
            .id,
            "kind": warehouse.out_type_id.id,
            "partner": partner.id,
            "made_of": MADE_OF,
            "widespread": WIDESPREAD,
            "deliveries": DELIVERIES,
            "internal": INTERNAL_MOVES,
        }
        self.batches = 0
        self.lots = {}
        env.flush_all()

    def add(self, env, batches, raw=RAW):
        """Make so many batches more."""
        env.flush_all()
        with bare_tables(env.cr, "stock_picking", "qms_lot_link"):
            for _number in range(batches):
                self.batches += 1
                self._add_batch(env, raw)
        env.cr.execute("ANALYZE")
        env.invalidate_all()

    def _add_batch(self, env, raw):
        values = {**self.values, "raws": raw, "batch": self.batches}
        for statement in (*NUMBERS, *GOODS):
            env.cr.execute(SQL(statement, **values))
        if self.batches == 1:
            env.cr.execute(SQL(MOVED, **values))
            for name, number in (
                ("widespread", 1),
                ("ordinary", raw // 2),
                # nothing is made of the last one
                ("moved", raw),
            ):
                env.cr.execute("SELECT lot FROM raw WHERE number = %s", [number])
                (self.lots[name],) = env.cr.fetchone()
        if "qms.lot.link" in env:
            env.cr.execute(SQL(LINKS, **values))
        env.cr.execute("DROP TABLE raw, middle, finished, use, gone")


LOTS = """
    CREATE TEMP TABLE {name} AS
    SELECT number, nextval('stock_lot_id_seq')::int AS lot,
           nextval('stock_move_line_id_seq')::int AS line
    FROM generate_series(1, {count}) AS number
"""
# What is made of what, and which lines say so. The factors spread it evenly; of the
# intermediate lots in a finished one, two are widespread or none is.
NUMBERS = (
    LOTS.format(name="raw", count="%(raws)s"),
    LOTS.format(name="middle", count="%(raws)s"),
    LOTS.format(name="finished", count="2 * %(raws)s"),
    "CREATE UNIQUE INDEX ON raw (number)",
    "CREATE UNIQUE INDEX ON middle (number)",
    "ANALYZE raw, middle, finished",
    """CREATE TEMP TABLE use AS
       SELECT source.lot AS source, made.lot AS target, made.line AS made,
              nextval('stock_move_line_id_seq')::int AS line, %(raw)s AS source_product,
              %(middle)s AS product
       FROM middle AS made
       CROSS JOIN generate_series(1, %(made_of)s) AS part
       JOIN raw AS source ON source.number = CASE
           WHEN part = 1 AND made.number %% %(widespread)s = 0 THEN 1
           ELSE 2 + ((made.number * %(made_of)s + part)::bigint * 7919)
                    %% (%(raws)s - 2) END
       UNION ALL
       SELECT source.lot, made.lot, made.line,
              nextval('stock_move_line_id_seq')::int, %(middle)s, %(finished)s
       FROM finished AS made
       CROSS JOIN generate_series(1, %(made_of)s) AS part
       JOIN middle AS source ON source.number =
           1 + (made.number::bigint * 104729 + CASE part
                WHEN 1 THEN 0 WHEN 2 THEN 70 ELSE 3 END) %% %(raws)s""",
    """CREATE TEMP TABLE gone AS
       SELECT lot, nextval('stock_picking_id_seq')::int AS picking,
              nextval('stock_move_id_seq')::int AS move,
              nextval('stock_move_line_id_seq')::int AS line
       FROM finished CROSS JOIN generate_series(1, %(deliveries)s)""",
)
MOVE = """
    INSERT INTO stock_move (id, product_id, product_uom, product_uom_qty, product_qty,
                            quantity, picked, company_id, location_id,
                            location_dest_id, state, procure_method, date, sequence,
                            priority, reference, picking_id, create_uid, write_uid,
                            create_date, write_date)
"""
LINE = """
    INSERT INTO stock_move_line (id, move_id, picking_id, lot_id, product_id,
                                 product_uom_id, quantity, quantity_product_uom, picked,
                                 company_id, location_id, location_dest_id, state, date,
                                 create_uid, write_uid, create_date, write_date)
"""
MADE = (
    LINE
    + """
    SELECT line, NULL, NULL, lot, %({product})s, %(uom)s, 3, 3, true, %(company)s,
           %({place})s, %(stock)s, 'done', now(), 1, 1, now(), now()
    FROM {product_table}
"""
)
LOT = """
    INSERT INTO stock_lot (id, name, product_id, create_uid, write_uid, create_date,
                           write_date)
    SELECT lot, '{name}-%(batch)s-' || number, %({name})s, 1, 1, now(), now()
    FROM {name}
"""
GOODS = (
    *(LOT.format(name=name) for name in ("raw", "middle", "finished")),
    MADE.format(product="raw", place="supplier", product_table="raw"),
    MADE.format(product="middle", place="production", product_table="middle"),
    MADE.format(product="finished", place="production", product_table="finished"),
    LINE
    + """SELECT line, NULL, NULL, source, source_product, %(uom)s, 1, 1, true,
                %(company)s, %(stock)s, %(production)s, 'done', now(), 1, 1, now(),
                now()
         FROM use""",
    # Odoo's names are the wrong way round: the first is the finished line
    """INSERT INTO stock_move_line_consume_rel (consume_line_id, produce_line_id)
       SELECT made, line FROM use""",
    """INSERT INTO stock_picking (id, name, picking_type_id, state, partner_id,
                                  company_id, location_id, location_dest_id, move_type,
                                  scheduled_date, date_done, create_uid, write_uid,
                                  create_date, write_date)
       SELECT picking, 'TRACE/' || picking, %(kind)s, 'done', %(partner)s, %(company)s,
              %(stock)s, %(customer)s, 'direct', now(), now(), 1, 1, now(), now()
       FROM gone""",
    MOVE
    + """SELECT move, %(finished)s, %(uom)s, 1, 1, 1, true, %(company)s, %(stock)s,
                %(customer)s, 'done', 'make_to_stock', now(), 10, '0', 'History',
                picking, 1, 1, now(), now()
         FROM gone""",
    LINE
    + """SELECT line, move, picking, lot, %(finished)s, %(uom)s, 1, 1, true,
                %(company)s, %(stock)s, %(customer)s, 'done', now(), 1, 1, now(), now()
         FROM gone""",
)
# To and fro between two places, a minute each.
MOVED = """
    WITH moved AS (
        SELECT nextval('stock_move_id_seq')::int AS move, lot, number %% 2 = 0 AS back,
               now() + number * INTERVAL '1 minute' AS date
        FROM generate_series(1, %(internal)s) AS number
        JOIN (SELECT lot FROM raw WHERE number = %(raws)s) AS chosen ON TRUE
    ), moves AS (
        INSERT INTO stock_move (id, product_id, product_uom, product_uom_qty,
                                product_qty, quantity, picked, company_id, location_id,
                                location_dest_id, state, procure_method, date, sequence,
                                priority, reference, create_uid, write_uid,
                                create_date, write_date)
        SELECT move, %(raw)s, %(uom)s, 1, 1, 1, true, %(company)s,
               CASE WHEN back THEN %(other)s ELSE %(stock)s END,
               CASE WHEN back THEN %(stock)s ELSE %(other)s END, 'done',
               'make_to_stock', date, 10, '0', 'History', 1, 1, now(), now()
        FROM moved
    )
    INSERT INTO stock_move_line (move_id, lot_id, product_id, product_uom_id, quantity,
                                 quantity_product_uom, picked, company_id, location_id,
                                 location_dest_id, state, date, create_uid, write_uid,
                                 create_date, write_date)
    SELECT move, lot, %(raw)s, %(uom)s, 1, 1, true, %(company)s,
           CASE WHEN back THEN %(other)s ELSE %(stock)s END,
           CASE WHEN back THEN %(stock)s ELSE %(other)s END, 'done', date, 1, 1, now(),
           now()
    FROM moved
"""
LINKS = """
    INSERT INTO qms_lot_link (from_lot_id, from_product_id, to_lot_id, to_product_id,
                              quantity, to_quantity, kind, origin, date, user_id,
                              company_id, res_model, res_id, reference, from_line_id,
                              to_line_id)
    SELECT source, source_product, target, product, 1, 3, 'production', 'quantity',
           now(), 1, %(company)s, 'mrp.production', made, 'History', line, made
    FROM use
"""
