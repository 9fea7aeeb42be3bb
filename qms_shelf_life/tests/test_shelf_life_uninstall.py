from odoo.tests import tagged

from odoo.addons.qms_shelf_life.hooks import uninstall_hook

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestShelfLifeUninstall(MinimumCase):
    """What is evidence stays when the addon goes; what would block goods goes."""

    def test_criteria(self):
        """Those that deviations tell of stay as a text, all others go."""
        minimum = self._left("10D", "recorded")
        card = self._card_of(self.fresh, minimum, {"kind": "fefo"})
        short, _mid, _long = self._make_lots()
        delivery = self._sell_milk(4)
        self._take(delivery, short)
        delivery.move_ids.picked = True
        delivery.button_validate()
        deviation = self._deviations(picking_id=delivery.id)
        told = deviation.criterion_id
        self.assertEqual(told.kind, "min_shelf_life")
        expected, copy = told._get_expected_text(), told.line_id
        uninstall_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self._deviations(picking_id=delivery.id), deviation)
        self.assertEqual(deviation.criterion_id, told)
        self.assertEqual((told.kind, told.label), ("label", expected))
        self.assertEqual(told.departure, "recorded")
        self.assertEqual(copy.criterion_ids, told)
        self.assertFalse(card.line_ids.criterion_ids)

    def test_holds_that_show_dates(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        hold = old._qms_hold_expired()
        self.assertEqual(hold.state, "open")
        uninstall_hook(self.env)
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.release_reason, "Shelf Life was uninstalled")
