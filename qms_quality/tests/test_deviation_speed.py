from odoo.tests import tagged

from .common_deviation import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationSpeed(DeviationCase):
    """Many lots are compared in as many queries as one."""

    def _count(self, number):
        receipt = self._buy(number)
        self._enter(
            receipt,
            [{"lot_name": f"{number}-{n}", "quantity": 1} for n in range(number)],
        )
        receipt.button_validate()
        moves = receipt.move_ids.sudo()
        self.env.flush_all()
        moves._qms_get_departures()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = moves._qms_get_departures()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(found), number * 2)
        return queries

    def test_comparing_takes_the_same_queries(self):
        self._make_purchase_card(
            self._fat(">=", 3.5, "recorded"), self._no_origin(self.chile, "recorded")
        )
        self.assertEqual(self._count(2), self._count(20))
