from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.inspection.event import BLOCKABLE
from .common_mrp import MRP_USER
from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestAssociationTable(StepCase):
    """Every event with every step that may wait for it, through real documents.

    Each method named after an event brings goods so far that the event was raised, and
    returns the document whose step has to wait, and what its user does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        cls.workcenter = cls.env["mrp.workcenter"].create({"name": "Vat"})
        cls.other = cls._make_location("Other", cls.warehouse.view_location_id)
        cls._stock_up(1000, product=cls.untracked)

    def _check(self, *events):
        for event in events:
            for step in BLOCKABLE[event]:
                with self.subTest(event=event, step=step):
                    self._check_pair(event, step)

    def _check_pair(self, event, step):
        self.product = self._make_product(
            f"{event} {step}",
            invoice_policy="order",
            purchase_method="purchase",
            taxes_id=False,
            supplier_taxes_id=False,
        )
        rule = self._rule(event, step, product_ids=self.product.ids)
        document, call = getattr(self, f"_{event}")(step)
        orders = self._orders_of(rule)
        self.assertEqual(orders.mapped("product_id"), self.product)
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            call()
        self.assertTrue(
            str(error.exception).startswith(
                f"{document.display_name} has to wait until these quality orders have"
                f" passed:\n- {orders[:1].name}: "
            ),
            str(error.exception),
        )
        self._inspect(orders)
        call()
        state = {"start": "to_close", "workorder": "progress", "bill": "posted"}
        self.assertEqual(document.state, state.get(step, "done"))
        rule.active = False

    def test_all_rows_are_checked(self):
        names = {event for event, steps in BLOCKABLE.items() if steps}
        missing = {name for name in names if not hasattr(self, f"_{name}")}
        self.assertEqual(missing, {"quarantine"}, "checked by a test of its own")

    # -- Purchase ----------------------------------------------------------------------

    def test_purchase(self):
        self._check("receipt_ready", "receipt")

    def test_subcontracting(self):
        if "subcontractor_ids" not in self.env["stock.location"]._fields:
            self.skipTest("mrp_subcontracting is not installed")
        # Odoo makes the subcontractor's manufacturing order with the buyer's rights
        self.purchaser.group_ids |= self.env.ref("mrp.group_mrp_user")
        self._check("subcontract")

    def _receipt_ready(self, step):
        self.warehouse.reception_steps = "two_steps" if step == "next" else "one_step"
        purchase, picking = self._buy()
        self._enter_lot(picking)
        if step == "transfer":
            return picking, picking.button_validate
        if step == "bill":
            return self._bill(purchase)
        picking.button_validate()
        put_away = picking.move_ids.move_dest_ids.picking_id
        return put_away, put_away.button_validate

    def _enter_lot(self, picking):
        lot = picking.env["stock.lot"].create(
            {"name": f"L{picking.id}", "product_id": self.product.id}
        )
        picking.move_line_ids.lot_id = lot
        picking.move_ids.picked = True

    def _bill(self, purchase):
        purchase.with_user(self.purchaser).action_create_invoice()
        bill = purchase.sudo().invoice_ids.with_user(self.accountant)
        bill.invoice_date = "2025-03-03"
        return bill, bill.action_post

    def _receipt(self, step):
        if step == "next":
            return self._receipt_ready(step)
        self.warehouse.reception_steps = "one_step"
        purchase, picking = self._buy()
        self._enter_lot(picking)
        picking.button_validate()
        return self._bill(purchase)

    def _subcontract(self, step):
        self._make_bom(type="subcontract", subcontractor_ids=self.partner.ids)
        place = self.company.subcontracting_location_id
        self._stock_up(10, location=place, product=self.untracked)
        return self._receipt_ready(step)

    # -- Production --------------------------------------------------------------------

    def test_production(self):
        self._check(
            "production_confirmed", "workorder_done", "output", "production_close"
        )

    def _make_bom(self, steps=0, **vals):
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": self.untracked.id, "product_qty": 1})
                ],
                "operation_ids": [
                    (0, 0, {"name": f"Step {n}", "workcenter_id": self.workcenter.id})
                    for n in range(steps)
                ],
                **vals,
            }
        )

    def _may_read_billing(self):
        """Core reads analytic lines with the rights of the operator."""
        self.operator.group_ids |= self.env.ref("account.group_account_readonly")

    def _produce(self, steps=0):
        production = self.env["mrp.production"].with_user(self.operator)
        production = production.create(
            {
                "product_id": self.product.id,
                "bom_id": self._make_bom(steps).id,
                "product_qty": 10,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        production.action_confirm()
        production.action_generate_serial()
        return production

    def _close(self, production):
        context = {"skip_consumption": True, "skip_backorder": True}
        return production, production.with_context(**context).button_mark_done

    def _production_confirmed(self, step):
        production = self._produce()
        if step == "start":
            return production, lambda: production.write({"qty_producing": 10})
        production.qty_producing = 10
        return self._close(production)

    def _workorder_done(self, step):
        production = self._produce(steps=2)
        first, second = production.workorder_ids
        first.button_start()
        first.button_finish()
        if step == "workorder":
            return second, second.button_start
        second.button_start()
        second.button_finish()
        self._may_read_billing()
        return self._close(production)

    def _production_close(self, _step):
        production = self._produce()
        production.qty_producing = 10
        return self._close(production)

    def _output(self, step):
        if step == "next":
            production = self._produce()
            production.qty_producing = 10
            self._close(production)[1]()
            return self._move_on(production.sudo().lot_producing_ids)
        self._may_read_billing()
        production = self._produce()
        production.qty_producing = 4
        document, call = self._close(production)
        document.with_context(
            skip_consumption=True,
            skip_backorder=True,
            mo_ids_to_backorder=production.ids,
        ).button_mark_done()
        rest = production.production_group_id.production_ids - production
        rest.action_generate_serial()
        rest.qty_producing = 6
        return self._close(rest)

    def _move_on(self, lot, source=None, dest=None):
        picking = self._transfer(lot, source, dest or self.other)
        return picking, picking.button_validate

    # -- Transfers ---------------------------------------------------------------------

    def test_transfer(self):
        self._check("transfer_ready", "transfer_done")

    def _make_stock(self):
        self.warehouse.reception_steps = "one_step"
        receipt = self._receive([f"S{self.product.id}"], self.product)
        return receipt.move_line_ids.lot_id

    def _transfer_ready(self, step):
        lot = self._make_stock()
        if step == "transfer":
            return self._move_on(lot)
        # the goods are on the way to the other warehouse: receiving them waits
        ship, receive = self._resupply()
        ship.button_validate()
        return receive, receive.button_validate

    def _resupply(self):
        """Return the transfers to another warehouse, by way of the transit place."""
        code = f"B{self.product.id}"
        other = self.env["stock.warehouse"].create(
            {"name": code, "code": code, "resupply_wh_ids": self.warehouse.ids}
        )
        self.product.route_ids = other.resupply_route_ids
        rules = self.env["stock.rule"]
        rules.run(
            [
                rules.Procurement(
                    self.product,
                    4,
                    self.product.uom_id,
                    other.lot_stock_id,
                    "Resupply",
                    "Resupply",
                    self.company,
                    {"warehouse_id": other},
                )
            ]
        )
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        ship = moves.filtered(lambda move: move.location_dest_id.usage == "transit")
        receive = ship.move_dest_ids
        self.assertEqual(receive.location_dest_id, other.lot_stock_id)
        pickings = ship.picking_id, receive.picking_id
        for picking in pickings:
            picking.with_user(self.clerk).action_assign()
        return [picking.with_user(self.clerk) for picking in pickings]

    def _transfer_done(self, _step):
        lot = self._make_stock()
        self._transfer(lot).button_validate()
        return self._move_on(lot, self.shelf)

    def test_receiving_leg_between_warehouses(self):
        """The rule of the other warehouse asks when its goods come out of transit."""
        self.product = self._make_product("Between")
        lot = self._make_stock()
        ship, receive = self._resupply()
        other = receive.sudo().picking_type_id.warehouse_id
        rule = self._rule(
            "transfer_ready",
            "transfer",
            product_ids=self.product.ids,
            warehouse_id=other.id,
        )
        ship.button_validate()
        self.assertEqual((ship.state, receive.state), ("done", "assigned"))
        order = self._orders_of(rule)
        self.assertEqual((order.picking_id, order.lot_ids), (receive.sudo(), lot))
        self._assert_waits(receive.name, order, receive.button_validate)
        self._inspect(order, fail=True)
        transit = receive.sudo().location_id
        self.assertEqual(self._held(order), [(self.on_hold, lot, transit)])

    # -- Out, back, and in quarantine --------------------------------------------------

    def test_delivery_and_return(self):
        self._check("delivery_ready", "customer_return")

    def _sell(self):
        sale = self.env["sale.order"].with_user(self.seller)
        line = {"product_id": self.product.id, "product_uom_qty": 4}
        sale = sale.create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [(0, 0, line)],
            }
        )
        sale.action_confirm()
        picking = sale.sudo().picking_ids.with_user(self.clerk)
        picking.action_assign()
        return sale, picking

    def _delivery_ready(self, step):
        self._make_stock()
        sale, picking = self._sell()
        if step == "transfer":
            return picking, picking.button_validate
        invoice = self._invoice(sale)
        return invoice, invoice.action_post

    def _customer_return(self, _step):
        lot = self._make_stock()
        _sale, delivery = self._sell()
        delivery.button_validate()
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.clerk)
            .with_context(active_id=delivery.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves.quantity = 4
        action = wizard.action_create_returns()
        back = delivery.browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return self._move_on(lot, back.sudo().location_dest_id)

    def test_quarantine(self):
        """What waits in quarantine can't even be reserved for a way out."""
        self._rule("quarantine", *BLOCKABLE["quarantine"])
        lot = self._make_stock()
        zone = self._make_location(
            "Zone", self.warehouse.view_location_id, qms_zone="quarantine"
        )
        self._transfer(lot, dest=zone).button_validate()
        order = self.env["qms.quality.order"].search([("lot_ids", "in", lot.ids)])
        self.assertEqual(order.event, "quarantine")
        leaving = self._transfer(lot, zone, self.stock)
        self.assertFalse(leaving.move_line_ids)
        line = leaving.move_ids._prepare_move_line_vals(quantity=4)
        with self.assertRaisesRegex(UserError, order.name), self.env.cr.savepoint():
            leaving.env["stock.move.line"].create({**line, "lot_id": lot.id})
        self._inspect(order)
        leaving.action_assign()
        leaving.button_validate()
        self.assertEqual(leaving.state, "done")
