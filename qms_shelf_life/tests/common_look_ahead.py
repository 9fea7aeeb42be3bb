from datetime import timedelta

from odoo import fields

from .common import ShelfLifeCase


class LookAheadCase(ShelfLifeCase):
    """Stock of milk, what is asked for, and what was used of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["qms.expiry.report"]
        cls.forecasts = cls.env["qms.expiry.forecast"]
        cls.milk.standard_price = 2

    def _rows(self, *lots, user=None):
        """Return the rows of the report about lots, as a user."""
        rows = self.report.with_user(user or self.clerk)
        self.env.flush_all()
        self.env.invalidate_all()
        return rows.search([("lot_id", "in", [lot.id for lot in lots])])

    def _order(self, quantity, days=0, product=None):
        """Let a customer ask for goods in so many days."""
        date = fields.Datetime.now() + timedelta(days=days)
        picking = self._picking("outgoing", quantity, product or self.milk)
        picking.move_ids.date = date
        picking.scheduled_date = date
        picking.action_confirm()
        picking.move_ids._do_unreserve()
        return picking

    def _deliver(self, lot, quantity, days_ago=0, partner=None):
        """Deliver of a lot, so many days ago; return the transfer."""
        picking = self._delivery(
            quantity,
            lot,
            product=lot.product_id,
            partner_id=(partner or self.partner).id,
        )
        picking._action_done()
        self.assertEqual(picking.state, "done")
        date = fields.Datetime.now() - timedelta(days=days_ago)
        picking.move_ids.date = date
        picking.move_ids.move_line_ids.date = date
        return picking

    def _take_back(self, picking, quantity):
        """Have a customer send goods back; return the transfer."""
        line = picking.move_ids.move_line_ids[:1]
        back = self._picking(
            "incoming",
            quantity,
            line.product_id,
            source=self.customer,
            partner_id=picking.partner_id.id,
        )
        back.action_confirm()
        back.move_ids.move_line_ids.unlink()
        vals = back.move_ids._prepare_move_line_vals(quantity=quantity)
        self.env["stock.move.line"].create({**vals, "lot_id": line.lot_id.id})
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(back.state, "done")
        return back

    def _risk(self, *lots):
        """Reckon anew what is at risk; return it lot by lot."""
        rows = self._rows(*lots)
        rows.action_compute()
        risk = dict.fromkeys(lots, 0)
        for row in self._rows(*lots):
            risk[row.lot_id.with_env(self.env)] += row.at_risk_quantity
        return list(risk.values())
