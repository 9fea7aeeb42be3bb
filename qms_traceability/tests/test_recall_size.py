from odoo.tests import tagged
from odoo.tools import SQL

from .common_recall import RecallCase

# Lots of one lot, each produced, in stock and delivered twice, without the ORM.
GOODS = """
    WITH made AS (
        INSERT INTO stock_lot (name, product_id, create_uid, write_uid, create_date,
                               write_date)
        SELECT %(name)s || n, %(product)s, 1, 1, now(), now()
          FROM generate_series(1, %(count)s) AS n RETURNING id
    ), stocked AS (
        INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, quantity,
                                 reserved_quantity, in_date)
        SELECT %(product)s, %(company)s, %(stock)s, id, 1, 0, now() FROM made
    ), linked AS (
        INSERT INTO qms_lot_link (from_lot_id, from_product_id, to_lot_id,
                                  to_product_id, quantity, to_quantity, kind, origin,
                                  date, company_id, res_model, res_id)
        SELECT %(source)s, %(source_product)s, id, %(product)s, 1, 3, 'production',
               'quantity', now(), %(company)s, 'mrp.production', 0 FROM made
    ), production AS (
        INSERT INTO stock_move (product_id, product_uom, product_uom_qty, product_qty,
                                quantity, picked, company_id, location_id,
                                location_dest_id, state, procure_method, date, sequence,
                                priority, reference)
        SELECT %(product)s, %(uom)s, 1, 1, 1, true, %(company)s, %(production)s,
               %(stock)s, 'done', 'make_to_stock', now(), 10, '0', %(name)s RETURNING id
    ), lines AS (
        INSERT INTO stock_move_line (move_id, lot_id, product_id, product_uom_id,
                                     quantity, quantity_product_uom, picked, company_id,
                                     location_id, location_dest_id, state, date)
        SELECT production.id, made.id, %(product)s, %(uom)s, 3, 3, true, %(company)s,
               %(production)s, %(stock)s, 'done', now() FROM made, production
    ), numbered AS (
        SELECT id AS lot, row_number() OVER () AS n, part
          FROM made CROSS JOIN generate_series(1, 2) AS part
    ), gone AS (
        INSERT INTO stock_move (product_id, product_uom, product_uom_qty, product_qty,
                                quantity, picked, company_id, location_id,
                                location_dest_id, state, procure_method, date, sequence,
                                priority, reference, partner_id)
        SELECT %(product)s, %(uom)s, 1, 1, 1, true, %(company)s, %(stock)s,
               %(customer)s, 'done', 'make_to_stock', now(), lot, '0',
               %(name)s || n || '/' || part,
               (%(partners)s)[1 + n %% array_length(%(partners)s, 1)]
          FROM numbered RETURNING id, sequence
    )
    INSERT INTO stock_move_line (move_id, lot_id, product_id, product_uom_id,
                                 quantity, quantity_product_uom, picked, company_id,
                                 location_id, location_dest_id, state, date)
    SELECT id, sequence, %(product)s, %(uom)s, 1, 1, true, %(company)s, %(stock)s,
           %(customer)s, 'done', now() FROM gone
"""


@tagged("post_install", "-at_install")
class TestRecallSize(RecallCase):
    """What a recall does is done for all its lots at once."""

    def _make_many(self, count):
        """Return a lot that went into so many, each of which two customers got."""
        source = self._make_lot(f"SIZE-{count}", self.culture)
        product = self.dressing_product
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                GOODS,
                name=f"S{count}-",
                count=count,
                product=product.id,
                uom=product.uom_id.id,
                company=self.company.id,
                stock=self.stock.id,
                customer=self.customer.id,
                production=product.with_company(
                    self.company
                ).property_stock_production.id,
                source=source.id,
                source_product=self.culture.id,
                partners=self.customers.ids,
            )
        )
        self.env.invalidate_all()
        return source

    def _count(self, work):
        """Return how many queries some work takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        begin = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - begin

    def _measure(self, count):
        recall = self._open([self._make_many(count)])
        found = {
            name: self._count(getattr(recall, name))
            for name in ("action_analyse", "action_contain", "action_update")
        }
        self.assertEqual((recall.state, recall.held_count), ("contained", count + 1))
        self.assertEqual(len(recall.customer_ids.delivery_ids), 2 * count)
        self.assertEqual(recall.gap_count, count)
        found["facts"] = self._count(recall._update_facts)
        found["form"] = self._count(
            lambda: recall.web_read(
                {
                    "lot_count": {},
                    "held_count": {},
                    "gap_count": {},
                    "told_count": {},
                    "recovered_share": {},
                }
            )
        )
        return found

    def test_no_query_for_each_lot(self):
        self._measure(2)
        few, many = self._measure(10), self._measure(60)
        for name, queries in many.items():
            with self.subTest(name, few=few[name], many=queries):
                self.assertLessEqual(queries, few[name] + 3)

    # -- Posting -----------------------------------------------------------------------

    def _count_posting(self, lot):
        order = self._start(self.dressing_product, 5, {self.clean: 2})
        order.lot_producing_ids = lot
        order.qty_producing = order.product_qty
        return self._count(order.button_mark_done)

    def test_posting_asks_once_whether_a_recall_has_it(self):
        """Goods that no recall has cost no more, whether recalls are open or not."""
        lots = [self._make_lot(f"POST-{n}", self.dressing_product) for n in range(4)]
        asked = []
        Recall = self.env.registry["qms.recall"]
        original = Recall._join

        def join(records, links):
            asked.append(self._count(lambda: original(records, links)))

        self.patch(Recall, "_join", join)
        self._count_posting(lots[0])
        self._contained()
        self._count_posting(lots[1])
        self.assertTrue(asked)
        # the links themselves are read, too
        self.assertLessEqual(max(asked), 3)
