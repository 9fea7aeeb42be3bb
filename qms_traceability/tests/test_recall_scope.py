from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_recall import RecallCase


@tagged("post_install", "-at_install")
class TestRecallScope(RecallCase):
    """What a recall starts from."""

    def test_starts_from_a_suppliers_lot(self):
        twin = self._receive(self.oil, "INGred-01", 5, self.supplier_y)
        recall = self._analysed([], scope="supplier_lot", supplier_lot=" INGred-01 ")
        self.assertEqual(recall.lot_ids, self.ingredient | twin)
        recall = self._analysed(
            [],
            scope="supplier_lot",
            supplier_lot="INGred-01",
            supplier_id=self.supplier_x,
        )
        self.assertEqual(recall.lot_ids, self.ingredient)

    def test_starts_from_a_product_and_dates(self):
        today = fields.Date.today()
        recall = self._open(scope="product", date_from=today, date_to=today)
        recall.product_ids = self.dressing_product
        recall.action_analyse()
        self.assertEqual(recall.lot_ids, self.dressing)
        early = today - timedelta(days=30)
        recall = self._open(scope="product", date_from=early, date_to=early)
        recall.product_ids = self.dressing_product
        with self.assertRaises(UserError) as refusal:
            recall.action_analyse()
        self.assertEqual(
            str(refusal.exception), f"{recall.name}: no goods are found for this scope."
        )

    def test_starts_from_a_work_center_and_shift(self):
        center = self.env["mrp.workcenter"].create({"name": "Filler"})
        self.company.resource_calendar_id.tz = "UTC"
        order = self._start(self.dressing_product, 5, {self.ingredient: 2})
        order.workorder_ids = [
            (
                0,
                0,
                {
                    "name": "Fill",
                    "workcenter_id": center.id,
                    "product_uom_id": self.dressing_product.uom_id.id,
                },
            )
        ]
        lot = self._finish(order, "SD-SHIFT")
        day = fields.Date.today()
        begin = fields.Datetime.to_datetime(day)
        order.workorder_ids.write(
            {
                "date_start": begin + timedelta(hours=23),
                "date_finished": begin + timedelta(hours=26),
            }
        )
        vals = {
            "scope": "workcenter",
            "workcenter_id": center,
            "date_from": day,
            "date_to": day,
        }
        late = self._analysed([], **vals, shift_from=22, shift_to=6)
        self.assertEqual(late.lot_ids, lot)
        early = self._open(**vals, shift_from=6, shift_to=14)
        with self.assertRaisesRegex(UserError, "no goods are found"):
            early.action_analyse()
        # one that goes on longer than was planned has made something in these days
        for state, found in (("progress", lot), ("done", None)):
            self.env.cr.execute(
                "UPDATE mrp_workorder SET state = %s, date_start = %s,"
                " date_finished = %s WHERE id = %s",
                [
                    state,
                    begin - timedelta(days=2),
                    begin - timedelta(days=1),
                    order.workorder_ids.id,
                ],
            )
            self.env.invalidate_all()
            recall = self._open(**vals)
            if found:
                recall.action_analyse()
                self.assertEqual(recall.lot_ids, found)
            else:
                self.assertRefused("no goods are found", recall.action_analyse)

    def test_scope_is_needed_and_fixed(self):
        recalls = self._open() | self._open(scope="product")
        with self.assertRaises(UserError) as refusal:
            recalls.action_analyse()
        self.assertEqual(
            str(refusal.exception),
            f"{recalls[0].name}: Choose the lots it starts from.\n"
            f"{recalls[1].name}: Choose products and the window of dates.",
        )
        recall = self._analysed()
        with self.assertRaisesRegex(UserError, "This can't be changed now: Lots"):
            recall.lot_ids = self.clean
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._open().write({"date_from": "2026-02-02", "date_to": "2026-02-01"})
