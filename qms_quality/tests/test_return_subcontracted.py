from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_disposing import DisposingCase


@tagged("post_install", "-at_install")
class TestReturnSubcontracted(DisposingCase):
    """What a subcontractor made: why it can't go back, and what can be done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "subcontractor_ids" not in cls.env["stock.location"]._fields:
            raise SkipTest("mrp_subcontracting is not installed")
        cls.flour = cls._make_product("Flour", tracking="none")
        cls.bread = cls._make_product("Bread", categ_id=cls.average.id)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.bread.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [(6, 0, cls.partner.ids)],
                "bom_line_ids": [
                    (0, 0, {"product_id": cls.flour.id, "product_qty": 1})
                ],
            }
        )
        cls.place = cls.partner.property_stock_subcontractor
        cls._stock_up(100, location=cls.place, product=cls.flour)

    def _receive(self, quantity=10, lot=None, **vals):
        """Receive bread; return its lot and the transfer."""
        picking = self._picking("incoming", quantity, self.bread, **vals)
        picking.action_confirm()
        lot = lot or self._make_lot("B1", self.bread)
        picking.move_line_ids.write({"lot_id": lot.id, "quantity": quantity})
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return lot, picking

    def test_return_is_refused_before_anything_is_done(self):
        lot, picking = self._receive()
        self.assertTrue(picking.move_ids.is_subcontract)
        case = self._open_case(lot)
        row = self._propose(case, "return", 4, lot)
        with self.assertRaises(UserError) as refusal:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(refusal.exception),
            f"This can't be done:\n- {row.display_name}: B1 came from a subcontractor,"
            f" by {picking.name}: what goes back to him stays in your stock, at his"
            f" place. Choose Return to production to {self.place.display_name}, where"
            " he can work on it, or rework it here.",
        )
        self.assertEqual((row.state, case.state), ("draft", "disposition"))
        self.assertFalse(row.move_ids)
        self.assertEqual(self._quantity(self.stock, lot), 10)

    def test_back_to_his_place(self):
        """What the refusal says to do instead: part of it, by one transfer."""
        lot, _picking = self._receive()
        case = self._open_case(lot)
        row = self._propose(
            case,
            "return_production",
            4,
            lot,
            reason="Bake again",
            location_dest_id=self.place.id,
        )
        self._carry_out(case)
        self.assertEqual(row.state, "done")
        child = row.child_lot_id
        self.assertEqual(self._quantity(self.place, child), 4)
        self.assertEqual(self._quantity(self.stock, lot), 6)
        self.assertEqual(case.held_quantity, 6)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(child.inspection_status_id, self.available)

    def test_what_was_bought_goes_back(self):
        """Of a lot that was also bought, what was bought goes back."""
        lot, _picking = self._receive(4)
        baker = self.env["res.partner"].create({"name": "Baker"})
        _lot, bought = self._receive(6, lot, partner_id=baker.id)
        case = self._open_case(lot)
        row = self._propose(case, "return", 6, lot)
        self._carry_out(case)
        self.assertEqual(row.move_ids.origin_returned_move_id, bought.move_ids)
