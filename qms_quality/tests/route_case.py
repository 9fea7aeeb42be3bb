from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import QmsCase

HELD = "These goods are held and can't be used for this"


class RouteCase(QmsCase):
    """A held lot, and what every attempt to use it must leave behind: nothing.

    ``self.lot`` has 10 in stock and ``self.free`` too. Each test walks one route, as
    the clerk wherever a clerk can, and starts where the screens would not let him: on
    a line that has the held lot already.
    """

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("HELD")
        self.free = self._make_lot("FREE")
        self._stock_up(10, self.lot)
        self._stock_up(10, self.free)
        self.loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)],
            limit=1,
        )

    # -- What a refusal leaves ---------------------------------------------------------

    def _snapshot(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT product_id, location_id, lot_id, package_id, owner_id, quantity,"
            " reserved_quantity FROM stock_quant WHERE quantity <> 0 ORDER BY id"
        )
        return self.env.cr.fetchall()

    @contextmanager
    def refused(self, words=HELD):
        """Expect a refusal that says ``words`` and leaves every quant as it was."""
        before = self._snapshot()
        with self.assertRaises(UserError) as refusal:
            yield refusal
            self.env.flush_all()
        self.assertIn(words, str(refusal.exception))
        self.assertEqual(self._snapshot(), before, "a refusal changes no stock")

    def assertOneQuant(self, lot, location=None):
        """No pair of a positive and a negative quant: that is corrupted stock."""
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "=", lot.id),
                ("location_id", "=", (location or self.stock).id),
                ("quantity", "!=", 0),
            ]
        )
        self.assertEqual(len(quants), 1, quants.mapped("quantity"))
        return quants

    # -- Goods on their way ------------------------------------------------------------

    def _force_line(self, move, lot=None, quantity=None, **vals):
        """Give ``move`` a picked line that the screens would have refused."""
        move._do_unreserve()
        move.move_line_ids.unlink()
        line = move._prepare_move_line_vals(quantity=quantity or move.product_uom_qty)
        forced = self.env["stock.move.line"].with_context(qms_picked_by_system=True)
        line = forced.create({**line, "lot_id": lot and lot.id, **vals})
        move.picked = True
        return line.with_env(self.env)

    def _forced(self, code="outgoing", quantity=4, lot=None, **vals):
        """Return a confirmed transfer of the held lot, as the clerk."""
        lot = self.lot if lot is None else lot
        vals.setdefault("product", lot.product_id or None)
        picking = self._picking(code, quantity, **vals)
        picking.action_confirm()
        self._force_line(picking.move_ids, lot)
        return picking.with_user(self.clerk)

    def _posted(self, code="outgoing", quantity=4, lot=None, **vals):
        """Return a transfer that was done while nothing was held."""
        picking = self._forced(code, quantity, lot, **vals)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def _return(self, picking, quantity=1):
        """Return the draft return of a done transfer, made by its wizard."""
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.clerk)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves.quantity = quantity
        return wizard._create_return()

    # -- Manufacturing -----------------------------------------------------------------

    def _make_order(self, component=None, quantity=1, finished=None):
        """Return a confirmed manufacturing order of one component."""
        component = component or self.product
        self.cake = finished or self._make_product("Cake", tracking="lot")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.cake.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": 2})
                ],
            }
        )
        order = self.env["mrp.production"].create(
            {
                "product_id": self.cake.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        return order

    def _fill_order(self, order, lot):
        """Let ``order`` consume ``lot`` and make a lot of its own."""
        order.qty_producing = order.product_qty
        order.lot_producing_ids = self.env["stock.lot"].create(
            {"name": f"MADE-{order.id}", "product_id": order.product_id.id}
        )
        order._set_qty_producing()
        self._force_line(order.move_raw_ids, lot)
        return order

    def _need(self, model):
        """Skip the test where the addon of ``model`` is not installed."""
        if model not in self.env:
            self.skipTest(f"{model} is not installed")
        return self.env[model]
