from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_deviation import DeviationCase

from .common_trade import TradeCase


@tagged("post_install", "-at_install")
class TestTraceFacts(TradeCase):
    """What orders and invoices add to the trace of a lot."""

    def test_purchase_of_a_receipt(self):
        order = self._buy("M-9")
        lot = order.picking_ids.move_line_ids.lot_id
        (fact,) = self.trace.with_user(self.clerk).get_receipts(lot.ids)
        self.assertEqual(
            (fact["purchase_id"], fact["purchase"], fact["quantity"], fact["state"]),
            (order.id, order.name, 3.0, "done"),
        )

    def test_invoices(self):
        """Of what was delivered; read by whoever may read invoices, too."""
        self.cheese.invoice_policy = "delivery"
        order = self._sell(self.cheese_2)
        self._sell(self.cheese_1)
        invoice = order._create_invoices()
        lots = (self.cheese_1 | self.cheese_2).ids
        reader = self._make_user(
            "qms_reader", "stock.group_stock_user", "account.group_account_readonly"
        )
        trace = self.env["qms.trace"]
        (fact,) = trace.with_user(reader).get_invoices(lots)
        self.assertEqual(
            (fact["invoice_id"], fact["partner"], fact["state"], fact["lot_ids"]),
            (invoice.id, "Corner Shop", "draft", self.cheese_2.ids),
        )
        with self.assertRaises(AccessError):
            trace.with_user(self.clerk).get_invoices(lots)


@tagged("post_install", "-at_install")
class TestTraceDeviations(DeviationCase):
    """What departed from what is demanded of a vendor."""

    def test_deviation(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        deviation = self._deviations(lot_id=lot.id)
        trace = self.env["qms.trace"].with_user(self.inspector)
        (fact,) = trace.get_deviations(lot.ids)
        self.assertEqual(
            (fact["deviation"], fact["state"], fact["partner"]),
            (deviation.name, "open", "Fresh Foods"),
        )
        expected = [
            deviation.name,
            "Fat content is at least 3.5 %",
            "not recorded",
            "Open",
        ]
        sections = trace.get_batch_record(lot.id)["sections"]
        (row,) = next(one["rows"] for one in sections if one["name"] == "deviations")
        self.assertEqual(row[:4], expected)
        (section,) = (
            one for one in trace.get_lot_details(lot.id) if one["name"] == "deviations"
        )
        self.assertEqual(
            section["lines"][0]["note"], "Fat content is at least 3.5 % → not recorded"
        )
