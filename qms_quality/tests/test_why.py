from odoo.tests import Form, tagged

from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestWhy(QmsMrpCase):
    """What refuses, since when, because of which document, and who may release."""

    def setUp(self):
        super().setUp()
        self.held = self._make_lot("HELD")
        self.free = self._make_lot("FREE")
        self._stock_up(40, self.held)
        self._stock_up(12, self.free)
        self.hold = self._hold(lot=self.held)
        self.delivery = self._picking("outgoing", 50)
        self.delivery.action_confirm()

    def _why(self, records, user):
        action = records.with_user(user).action_qms_why()
        return self.env["qms.why"].with_user(user).browse(action["res_id"])

    def _assert_line(self, why):
        line = why.line_ids
        self.assertEqual(line.lot_id, self.held)
        self.assertEqual(line.location_id, self.stock)
        self.assertEqual(line.quantity, 40)
        self.assertEqual(line.status_id, self.on_hold)
        self.assertEqual(line.reason, "Test")
        self.assertEqual(line.date, self.hold.date_placed)
        self.assertEqual(line.release_group, "Quality manager")
        self.assertEqual(line.hold_id, self.hold)

    def test_delivery_that_is_short(self):
        delivery = self.delivery.with_user(self.clerk)
        self.assertEqual(
            delivery.qms_shortage, "Milk: 12 Units available, 40 Units held"
        )
        self.assertEqual(
            delivery.move_ids.qms_shortage, "12 Units available, 40 Units held"
        )
        self.assertIn("40 Units held", Form(delivery).qms_shortage)

    def test_plain_shortage_says_nothing(self):
        self.hold._release("ok")
        self.delivery.move_ids.product_uom_qty = 100
        self.assertFalse(self.delivery.qms_shortage)

    def test_why_of_a_transfer_and_its_move(self):
        for records in (self.delivery, self.delivery.move_ids):
            why = self._why(records, self.clerk)
            self.assertEqual(
                why.summary,
                "Milk: 12 Units available, 40 Units held (50 Units needed)",
            )
            self._assert_line(why)

    def test_why_of_a_manufacturing_order(self):
        order = self._make_order(self._make_bom([(self.product, 50)]))
        self._assert_line(self._why(order, self.operator))

    def test_why_of_a_lot(self):
        why = self._why(self.held, self.clerk)
        self.assertEqual(why.summary, "These goods are held:")
        self._assert_line(why)
        why = self._why(self.free, self.clerk)
        self.assertEqual(why.summary, "Nothing holds these goods.")
        self.assertFalse(why.line_ids)

    def test_open_the_document(self):
        line = self._why(self.held, self.clerk).line_ids
        action = line.action_open_document()
        self.assertEqual(action["res_model"], "qms.hold")
        self.assertEqual(action["res_id"], self.hold.id)

    def test_many_transfers_cost_as_much_as_one(self):
        more = self.delivery
        for _number in range(10):
            delivery = self._picking("outgoing", 50)
            delivery.action_confirm()
            more |= delivery

        def count(pickings):
            self.env.flush_all()
            self.env.invalidate_all()
            pickings.mapped("move_ids.move_line_ids.lot_id.name")
            pickings.mapped("move_ids.location_id.parent_path")
            pickings.mapped("move_ids.location_dest_id.warehouse_id.code")
            before = self.cr.sql_log_count
            pickings.mapped("qms_shortage")
            return self.cr.sql_log_count - before

        self.assertLessEqual(count(more), count(self.delivery) + 3)
