from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts
from odoo.addons.qms_quality.models.sentinel import trusted

from .common_requirement import RequirementCase


class TestQrsConfirm(RequirementCase):
    """A worker confirms on the transfer that a label or certificate was there."""

    def _deliver(self):
        """Return the delivery of a confirmed order whose goods need a label."""
        self._stock_up(10, lot=self.lot)
        label = self._criterion(kind="label", label="Seal", departure="recorded")
        certificate = self._criterion(kind="certificate", departure="recorded")
        self._card("LABEL", self._line(self.product, label, certificate))
        order = self.env["sale.order"].create(
            {
                "partner_id": self.fresh.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 4}
                    )
                ],
            }
        )
        order.action_confirm()
        return order.picking_ids

    def _open(self, picking, user=None):
        picking = picking.with_user(user or self.clerk)
        action = picking.action_qms_confirm_requirements()
        wizard = self.env[action["res_model"]].with_user(user or self.clerk)
        return wizard.browse(action["res_id"])

    def test_a_label_on_a_delivery(self):
        picking = self._deliver()
        self.assertTrue(picking.qms_to_confirm)
        copy = picking.move_ids._qms_get_requirements()[picking.move_ids]
        label, _certificate = copy.criterion_ids
        goods = self._goods(self.lot)
        self.assertEqual(self._judge(label, goods), ("missing", "not confirmed"))
        wizard = self._open(picking)
        self.assertEqual(wizard.line_ids.mapped("expected"), ["Label: Seal"])
        with self._refused(UserError, "Tick what was there."):
            wizard.action_confirm()
        with Form(wizard) as form:
            form.note = "On each carton"
            with form.line_ids.edit(0) as line:
                line.is_confirmed = True
        wizard.action_confirm()
        self.assertEqual(self._judge(label, goods), ("met", "confirmed"))
        row = self.env["qms.qrs.confirmation"].search([("criterion_id", "=", label.id)])
        self.assertEqual((row.user_id, row.note), (self.clerk, "On each carton"))
        self.assertEqual((row.lot_name, row.picking_id), ("L-1", picking))
        again = self._open(picking)
        self.assertTrue(again.line_ids.is_done)
        again.action_confirm()
        self.assertEqual(len(label.confirmation_ids), 1)

    def test_it_counts_for_its_transfer(self):
        """A backorder's goods are labelled anew, where its moves are asked for."""
        picking = self._deliver()
        copy = picking.move_ids._qms_get_requirements()[picking.move_ids]
        label = copy.criterion_ids[0]
        wizard = self._open(picking)
        wizard.line_ids.is_confirmed = True
        wizard.action_confirm()
        other = self._picking("outgoing", 1)
        goods = self._goods(self.lot)
        for moves, state in ((picking.move_ids, "met"), (other.move_ids, "missing")):
            facts = GoodsFacts(self.env, [goods], moves=moves)
            (judged,) = label._qms_judge(facts).values()
            self.assertEqual(judged.state, state)

    def test_it_counts_for_its_product(self):
        """A kit has several products, with the same lot number or with none."""
        copy = self._deliver().move_ids._qms_get_requirements().popitem()[1]
        label, certificate = copy.criterion_ids
        other = self._make_product("Cream")
        theirs = self._make_lot(self.lot.name, other)
        salt = self.env["stock.lot"]
        trusted(self.env["qms.qrs.confirmation"]).create(
            [
                {"criterion_id": one.id, "product_id": product.id, "lot_name": name}
                for one in (label, certificate)
                for product, name in (
                    (self.product, self.lot.name),
                    (self.untracked, False),
                )
            ]
        )
        sugar = self._make_product("Sugar", tracking="none")
        for goods, state in (
            (self._goods(self.lot), "met"),
            (self._goods(theirs), "missing"),
            (self._goods(salt, product=self.untracked), "met"),
            (self._goods(salt, product=sugar), "missing"),
        ):
            quant = self._stock_up(1, lot=goods.lot, product=goods.product)
            for criterion in (label, certificate):
                # a certificate is of a lot
                if criterion == certificate and not goods.lot:
                    continue
                self.assertEqual(self._judge(criterion, goods)[0], state)
                domain = criterion._qms_get_quant_domain()
                found = self.env["stock.quant"].search(domain)
                self.assertEqual(quant in found, state == "met")

    def test_a_certificate_of_a_vendor(self):
        """It came with the goods, whose lots are made when they are received."""
        self._card(
            "IN",
            self._line(self.product, self._criterion(kind="certificate")),
            type="purchase",
            partners=self.farm,
        )
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.farm.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 7})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_line_ids.lot_name = "NEW-1"
        criterion = picking.move_ids._qms_get_requirements()[
            picking.move_ids
        ].criterion_ids
        wizard = self._open(picking)
        self.assertEqual(wizard.line_ids.lot_name, "NEW-1")
        wizard.line_ids.is_confirmed = True
        wizard.action_confirm()
        lot = self._make_lot("NEW-1")
        self.assertEqual(self._judge(criterion, self._goods(lot)), ("met", "confirmed"))
        other = self._make_lot("NEW-2")
        self.assertEqual(self._judge(criterion, self._goods(other))[0], "missing")

    def test_nothing_is_forged(self):
        """Confirmations come from the dialog, of what the transfer asks for."""
        picking = self._deliver()
        wizard = self._open(picking)
        criterion = wizard.line_ids.criterion_id
        confirmations = self.env["qms.qrs.confirmation"]
        values = {"criterion_id": criterion.id, "product_id": self.product.id}
        for user in (self.clerk, self.administrator):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                confirmations.with_user(user).create(values)
        with self._refused(AccessError, "with the button Confirm Requirements"):
            confirmations.sudo().create(values)
        wizard.line_ids.write({"is_confirmed": True, "lot_name": "OTHER"})
        with self._refused(UserError, "has changed meanwhile. Close this window"):
            wizard.action_confirm()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open(picking, self.seller)
        wizard.line_ids.write({"lot_name": "L-1"})
        wizard.action_confirm()
        with self._refused(AccessError, "with the button Confirm Requirements"):
            criterion.confirmation_ids.sudo().write({"user_id": self.manager.id})

    def test_plain_transfers_ask_nothing(self):
        picking = self._picking("outgoing", 1)
        picking.action_confirm()
        self.assertFalse(picking.qms_to_confirm)
