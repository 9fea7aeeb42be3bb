"""A partner that never gets back to earlier lots gets two deliveries at once."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .race_case import RaceCase, Step

COPIES = "SELECT id FROM qms_qrs_document_line WHERE product_id IN %(products)s"
ORDERS = "SELECT order_id FROM sale_order_line WHERE product_id IN %(products)s"
PICKINGS = "SELECT picking_id FROM stock_move WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestFefoRace(RaceCase):
    """One clerk ships what expires late, another what expires early."""

    cleaning = (
        f"DELETE FROM mail_message WHERE model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        f"DELETE FROM mail_followers WHERE res_model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        f"DELETE FROM mail_message WHERE model = 'sale.order' AND res_id IN ({ORDERS})",
        f"DELETE FROM qms_qrs_document_criterion WHERE line_id IN ({COPIES})",
        "DELETE FROM qms_qrs_document_line WHERE product_id IN %(products)s",
        "DELETE FROM sale_order_line WHERE product_id IN %(products)s",
    )

    def _make(self, env):
        product = env["product.product"].create(
            {
                "name": "Race cheese",
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
                "expiration_time": 30,
            }
        )
        self.product_ids.append(product.id)
        warehouse = env["stock.warehouse"].search([], limit=1)
        partner = env["res.partner"].create({"name": "Race", "is_company": True})
        self.partner_id = partner.id
        self.card_id = self._make_card(env, partner).id
        # each is all there is when it is ordered
        self.picking_ids = {}
        for name, days in (("EARLY", 5), ("LATE", 20)):
            lot = env["stock.lot"].create(
                {
                    "name": name,
                    "product_id": product.id,
                    "expiration_date": fields.Datetime.now() + timedelta(days=days),
                }
            )
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1, lot_id=lot
            )
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 1})
                    ],
                }
            )
            order.action_confirm()
            picking = order.picking_ids
            self.assertEqual(picking.move_line_ids.lot_id, lot)
            picking.move_ids.picked = True
            self.picking_ids[name] = picking.id

    def _make_card(self, env, partner):
        criterion = {"kind": "fefo", "departure": "blocked"}
        line = {"applies_to": "all", "criterion_ids": [Command.create(criterion)]}
        card = env["qms.qrs"].create(
            {
                "code": "RACE",
                "description": "Race",
                "partner_ids": [Command.link(partner.id)],
                "line_ids": [Command.create(line)],
            }
        )
        card.action_activate()
        return card

    def _clean_more(self, env):
        pickings = tuple(self.picking_ids.values())
        env.cr.execute("DELETE FROM stock_picking WHERE id IN %s", [pickings])
        env.cr.execute(
            "DELETE FROM sale_order WHERE partner_id = %s", [self.partner_id]
        )
        env.invalidate_all()
        card = trusted(env["qms.qrs"].browse(self.card_id))
        card.state = "draft"
        card.unlink()
        env["res.partner"].browse(self.partner_id).unlink()

    def _ship(self, name):
        def work(env):
            picking = env["stock.picking"].browse(self.picking_ids[name])
            picking.with_context(skip_sms=True, skip_expired=True).button_validate()

        return Step(self, work)

    def _read(self):
        with self.transaction() as env:
            pickings = env["stock.picking"].browse(self.picking_ids.values())
            return dict(zip(self.picking_ids, pickings.mapped("state"), strict=True))

    def test_late_first(self):
        """Who ships the early lot meanwhile waits, runs again and is refused."""
        late, early = self._ship("LATE"), self._ship("EARLY")
        self._race(late, early)
        self.assertIsNone(late.refusal)
        self.assertEqual(early.runs, 2)
        self.assertIn("LATE of before", early.refusal or "")
        self.assertEqual(self._read(), {"EARLY": "assigned", "LATE": "done"})

    def test_early_first(self):
        """In order both go."""
        early, late = self._ship("EARLY"), self._ship("LATE")
        self._race(early, late)
        self.assertIsNone(early.refusal)
        self.assertIsNone(late.refusal)
        self.assertEqual(self._read(), {"EARLY": "done", "LATE": "done"})
