from datetime import timedelta

from odoo import Command, fields
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.tests.common_mrp import QmsMrpCase

from .common_dates import DatesCase


@tagged("post_install", "-at_install")
class TestProducedDates(DatesCase, QmsMrpCase):
    """A produced lot expires by its rule, or with its first limiting ingredient."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.curd = cls._make_product("Curd", use_expiration_date=True)
        cls.curd.product_tmpl_id.qms_expiration_formula = "20D"
        cls.cream = cls._make_product("Cream", use_expiration_date=True)
        cls.bom = cls._make_bom([(cls.milk, 1), (cls.cream, 1)], product=cls.curd)
        cls.bom.bom_line_ids[0].qms_limits_expiration = True
        cls.fresh = cls._make_dated_lot("V-1", 12, quantity=100)
        cls.old = cls._make_dated_lot("V-2", 5, quantity=100)
        cls.cream_lot = cls._make_dated_lot("V-3", 2, product=cls.cream, quantity=100)

    def _make(self, quantity=1, lot=None, number=True):
        """Return a confirmed order of the operator that uses some milk."""
        order = self._make_order(self.bom, quantity, reserve=False)
        order = order.with_user(self.operator)
        for move, used in zip(
            order.move_raw_ids, (lot or self.fresh, self.cream_lot), strict=True
        ):
            move.move_line_ids = [
                Command.clear(),
                Command.create(
                    {
                        "product_id": used.product_id.id,
                        "lot_id": used.id,
                        "quantity": quantity,
                        "location_id": self.stock.id,
                    }
                ),
            ]
        if number:
            order.action_generate_serial()
        return order

    def _finish(self, order, quantity=None):
        order.qty_producing = quantity or order.product_qty
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order.lot_producing_ids.sudo()

    def _assert_expires(self, lot, days):
        self.assertEqual(self._get_day(lot.expiration_date), self._in(days))

    # -- Its own rule ------------------------------------------------------------------

    def test_own_rule(self):
        self.bom.bom_line_ids.qms_limits_expiration = False
        lot = self._finish(self._make())
        self._assert_expires(lot, 20)
        self.assertEqual(lot.qms_production_date, self.today)
        self.assertFalse(lot.qms_ingredient_date)

    def test_vendors_date_and_production_date_count_from_production(self):
        for basis in ("vendor", "production"):
            with self.subTest(basis=basis):
                self.bom.bom_line_ids.qms_limits_expiration = False
                self.curd.product_tmpl_id.qms_expiration_from = basis
                order = self._make()
                self.assertFalse(order.lot_producing_ids.expiration_date)
                self._assert_expires(self._finish(order), 20)

    def test_numbered_before_it_is_made(self):
        """The period counts from the day of production, not of the number."""
        self.bom.bom_line_ids.qms_limits_expiration = False
        order = self._make()
        lot = order.lot_producing_ids.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET create_date = create_date - interval '4 days',"
            " expiration_date = expiration_date - interval '4 days' WHERE id = %s",
            [lot.id],
        )
        lot.invalidate_recordset()
        self._assert_expires(lot, 16)
        self._assert_expires(self._finish(order), 20)

    def test_entered_by_a_person(self):
        order = self._make()
        order.lot_producing_ids.sudo().expiration_date = (
            fields.Datetime.now() + timedelta(7)
        )
        self._assert_expires(self._finish(order), 7)

    def test_without_a_rule_as_in_plain_odoo(self):
        self.curd.product_tmpl_id.write(
            {"qms_expiration_formula": False, "expiration_time": 9}
        )
        self.bom.bom_line_ids.qms_limits_expiration = False
        self._assert_expires(self._finish(self._make()), 9)

    def test_guarded_dates_do_not_stop_production(self):
        self.company.qms_expiry_change = True
        self._assert_expires(self._finish(self._make()), 12)

    # -- Ingredients -------------------------------------------------------------------

    def test_limiting_ingredient(self):
        """Milk limits, and cream doesn't, though it expires before."""
        lot = self._finish(self._make())
        self.assertEqual(lot.expiration_date, self.fresh.expiration_date)
        self.assertEqual(lot.removal_date, lot.expiration_date)
        self.assertEqual(lot.qms_ingredient_date, self.fresh.expiration_date)
        self.assertEqual(self._get_day(lot.qms_rule_expiration_date), self._in(20))

    def test_first_of_several(self):
        self.bom.bom_line_ids.qms_limits_expiration = True
        self._assert_expires(self._finish(self._make()), 2)

    def test_ingredient_that_keeps_longer(self):
        self.fresh.expiration_date += timedelta(days=50)
        self._assert_expires(self._finish(self._make()), 20)

    def test_corrected_to_an_older_lot_and_back(self):
        order = self._make()
        lot = self._finish(order)
        order.action_toggle_is_locked()
        line = order.move_raw_ids.move_line_ids.filtered(
            lambda one: one.product_id == self.milk
        )
        line.lot_id = self.old
        self._assert_expires(lot, 5)
        line.lot_id = self.fresh
        self._assert_expires(lot, 12)

    def test_corrected_by_one_more_line(self):
        order = self._make()
        lot = self._finish(order)
        order.action_toggle_is_locked()
        move = order.move_raw_ids.filtered(lambda m: m.product_id == self.milk)
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.milk.id,
                    "lot_id": self.old.id,
                    "quantity": 1,
                    "location_id": self.stock.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )
        ]
        self._assert_expires(lot, 5)

    def test_correction_does_not_take_what_was_decided_since(self):
        order = self._make(lot=self.old)
        lot = self._finish(order)
        lot._qms_change_expiry(self._in(15), "Re-test passed")
        order.action_toggle_is_locked()
        line = order.move_raw_ids.move_line_ids.filtered(
            lambda one: one.product_id == self.milk
        )
        line.lot_id = self.fresh
        self._assert_expires(lot, 15)
        line.lot_id = self.old
        self._assert_expires(lot, 5)

    def test_correction_does_not_take_back_an_opening(self):
        self.curd.product_tmpl_id.qms_event_rule_ids = [
            Command.create({"event_type": "opened", "formula": "3D"})
        ]
        order = self._make(lot=self.old)
        lot = self._finish(order)
        lot._qms_record_event("opened", fields.Datetime.now())
        order.action_toggle_is_locked()
        order.move_raw_ids.move_line_ids.filtered(
            lambda one: one.product_id == self.milk
        ).lot_id = self.fresh
        self._assert_expires(lot, 3)

    def test_closed_in_parts(self):
        """Both parts are one lot: what the second is made of limits it too."""
        # core reads analytic lines with the rights of the operator
        self.operator.group_ids |= self.env.ref("account.group_account_readonly")
        order = self._make(4, number=False)
        order.lot_producing_ids = [
            Command.create({"name": "T-1", "product_id": self.curd.id})
        ]
        order.qty_producing = 1
        order.set_qty_producing()
        order.move_raw_ids.picked = True
        action = order.button_mark_done()
        wizard = self.env[action["res_model"]].with_user(self.operator)
        Form(wizard.with_context(**action["context"])).save().action_backorder()
        first = order.lot_producing_ids
        self._assert_expires(first, 12)
        rest = order.production_group_id.production_ids - order
        rest.lot_producing_ids = first
        rest.move_raw_ids.move_line_ids.filtered(
            lambda one: one.product_id == self.milk
        ).lot_id = self.old
        rest.qty_producing = 3
        rest.move_raw_ids.picked = True
        rest.with_context(skip_backorder=True).button_mark_done()
        self.assertEqual(rest.state, "done")
        self._assert_expires(first, 5)

    def test_made_by_two_orders(self):
        lot = self._finish(self._make())
        second = self._make(lot=self.old, number=False)
        second.lot_producing_ids = lot
        self._finish(second)
        self._assert_expires(lot, 5)
        third = self._make(number=False)
        third.lot_producing_ids = lot
        self._finish(third)
        self._assert_expires(lot, 5)
