from odoo.tests import tagged

from ..models.genealogy.lot_link_backfill import PARAMETER, SOURCES
from .common_genealogy import GenealogyCase


@tagged("post_install", "-at_install")
class TestLotLinkPast(GenealogyCase):
    """What was posted before links were written is linked by the scheduled action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_1, cls.milk_2 = cls._make_lot("M1"), cls._make_lot("M2")
        cls._stock_up(10, cls.milk_2)
        quant = cls._stock_up(100, cls.milk_1)
        cls.cheese_1 = cls._make_lot("C1", cls.cheese)
        uses = [(cls.milk_1, 6), (cls.untracked, 1)]
        cls._stock_up(1, product=cls.untracked)
        cls.order = cls._make(4, [cls.cheese_1], uses)
        cls.env["mrp.unbuild"].with_user(cls.worker).create(
            {
                "product_id": cls.cheese.id,
                "mo_id": cls.order.id,
                "lot_id": cls.cheese_1.id,
                "product_qty": 1,
                "location_id": cls.stock.id,
                "location_dest_id": cls.stock.id,
            }
        ).action_unbuild()
        split = cls.env["qms.lot.split"].create(
            {"lot_id": cls.milk_1.id, "quant_id": quant.id, "quantity": 4}
        )
        cls.child = cls.env["stock.lot"].browse(split.action_split()["res_id"])
        lots = cls.child | cls.milk_2
        cls.env["qms.lot.merge"].create(
            {"lot_ids": [(6, 0, lots.ids)], "target_lot_id": cls.milk_2.id}
        ).action_merge()
        kit = cls._make_product("Basket", tracking="none")
        cls._make_bom(kit, {cls.product: 2}, type="phantom")
        delivery = cls._picking("outgoing", 1, kit)
        delivery.action_confirm()
        delivery.move_ids.picked = True
        delivery.button_validate()
        # as a commit does: the trail tells which lots got another number
        cls.env.cr.flush()

    def _read(self):
        """Return all that links tell, but their ids."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT from_lot_id, from_product_id, to_lot_id, to_product_id, quantity,
                      to_quantity, kind, res_model, res_id, from_line_id,
                      to_line_id, COALESCE(uncertain, FALSE)
               FROM qms_lot_link WHERE reverses_id IS NULL ORDER BY res_model, res_id,
                      kind, from_line_id, to_line_id"""
        )
        return self.env.cr.fetchall()

    def _forget(self, domain="TRUE"):
        self.env.flush_all()
        self.env.cr.execute(f"DELETE FROM qms_lot_link WHERE {domain}")
        self.env.invalidate_all()
        for name in SOURCES:
            self.env["ir.config_parameter"].set_param(PARAMETER + name, 0)

    def _run(self, batch=500):
        cron = self.env.ref("qms_traceability.cron_link_past")
        cron.active = True
        cron.code = f"model._cron_link_past(batch={batch})"
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        return cron

    def test_history_is_as_it_would_have_been_written(self):
        self._run()
        before = self._read()
        kinds = {row[6] for row in before}
        self.assertLessEqual({"production", "unbuild", "split", "merge", "kit"}, kinds)
        self._forget()
        self.env.cr.execute(
            "UPDATE stock_move_line SET date = '2020-01-01' WHERE id = %s",
            self.order.move_finished_ids.move_line_ids.ids,
        )
        cron = self._run()
        self.assertEqual(self._read(), before)
        links = self.links.search(self._of(self.order))
        self.assertEqual(
            {str(date) for date in links.mapped("date")}, {"2020-01-01 00:00:00"}
        )
        self.assertEqual(links.user_id, self.worker)
        self.assertFalse(cron.active, "it is done once and for all")
        self.assertFalse(self.links._count_past())

    def test_what_is_linked_stays(self):
        self._run()
        before = self._read()
        self._forget("kind IN ('split', 'kit')")
        self._run()
        self.assertEqual(self._read(), before)
        self.env.cr.execute("SELECT count(*) FROM qms_lot_link WHERE quantity < 0")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_one_at_a_time_goes_on_where_it_stopped(self):
        self._run()
        before = self._read()
        self._forget()
        found = self.links._find_past("mrp.production", 1)
        self.links._link_past_safely("mrp.production", found)
        self.env["ir.config_parameter"].set_param(
            PARAMETER + "mrp.production", found.id
        )
        self.assertNotIn(found.id, self.links._find_past("mrp.production", 50).ids)
        self._run(batch=1)
        self.assertEqual(self._read(), before)

    def test_many_orders_cost_as_few_queries_as_one(self):
        """Reading grows with the batches, not with the orders in them."""
        orders = self.order
        for number in range(4):
            lot = self._make_lot(f"C{number + 5}", self.cheese)
            orders |= self._make(1, [lot], [(self.milk_1, 1)])
        counts = []
        for batch in (orders[:2], orders):
            self._forget()
            before = self.env.cr.sql_log_count
            self.links._link_past("mrp.production", batch)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
