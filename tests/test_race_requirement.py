"""Requirements, and what is known of lots, change while others rely on them."""

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .race_case import RaceCase, Step

COPIES = "SELECT id FROM qms_qrs_document_line WHERE product_id IN %(products)s"
ORDERS = "SELECT order_id FROM sale_order_line WHERE product_id IN %(products)s"
PICKINGS = "SELECT picking_id FROM stock_move WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestRequirementRace(RaceCase):
    """A customer takes nothing from New Zealand; a lot turns out to be from there."""

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
        env.ref("qms_quality.attribute_origin")
        self.new_zealand_id, chile = env.ref("base.nz").id, env.ref("base.cl")
        product = env["product.product"].create(
            {"name": "Race origin", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        lot = env["stock.lot"].create({"name": "RACE", "product_id": product.id})
        self._record(env, lot, chile)
        warehouse = env["stock.warehouse"].search([], limit=1)
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 10, lot_id=lot
        )
        partner = env["res.partner"].create({"name": "Race", "is_company": True})
        card = self._make_card(env, partner)
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 4})
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        picking.move_ids.picked = True
        self.lot_id, self.picking_id, self.order_id = lot.id, picking.id, order.id
        self.partner_id, self.card_id = partner.id, card.id

    def _record(self, env, lot, country):
        origin = env.ref("qms_quality.attribute_origin")
        env["qms.lot.attribute"]._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": origin.id,
                    "value": country,
                    "source": "test",
                }
            ]
        )

    def _make_card(self, env, partner):
        criterion = {
            "attribute_id": env.ref("qms_quality.attribute_origin").id,
            "operator": "not in",
            "country_ids": [Command.link(self.new_zealand_id)],
        }
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
        for query, id_ in (
            ("DELETE FROM stock_picking WHERE id = %s", self.picking_id),
            ("DELETE FROM sale_order WHERE id = %s", self.order_id),
        ):
            env.cr.execute(query, [id_])
        env.invalidate_all()
        card = trusted(env["qms.qrs"].browse(self.card_id))
        card.state = "draft"
        card.unlink()
        env["res.partner"].browse(self.partner_id).unlink()

    # -- The two users -----------------------------------------------------------------

    def _change(self):
        def work(env):
            lot = env["stock.lot"].browse(self.lot_id)
            self._record(env, lot, env["res.country"].browse(self.new_zealand_id))

        return Step(self, work)

    def _post(self):
        def work(env):
            picking = env["stock.picking"].browse(self.picking_id)
            picking.with_context(skip_sms=True, skip_expired=True).button_validate()

        return Step(self, work)

    def _read(self):
        """Return the delivery's state and what is known of the lot."""
        with self.transaction() as env:
            lot = env["stock.lot"].browse(self.lot_id)
            picking = env["stock.picking"].browse(self.picking_id)
            return picking.state, lot.qms_attribute_ids.country_id.code

    def test_change_first(self):
        """Whoever validates meanwhile waits, and is judged by the new value."""
        change, post = self._change(), self._post()
        self._race(change, post)
        self.assertIsNone(change.refusal)
        self.assertEqual(self._read(), ("assigned", "NZ"))
        self.assertIn("Found: New Zealand", post.refusal or "")

    def test_posting_first(self):
        """The change waits, and comes after the goods have left."""
        post, change = self._post(), self._change()
        self._race(post, change)
        self.assertIsNone(post.refusal)
        self.assertIsNone(change.refusal)
        self.assertEqual(self._read(), ("done", "NZ"))

    def test_change_waits_for_a_posting_that_is_given_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            picking = env["stock.picking"].browse(self.picking_id)
            picking.with_context(skip_sms=True, skip_expired=True).button_validate()
            env.flush_all()
            change = self._change()
            self._start(change)
            self.assertFalse(change.ready.wait(1), "the change passed a posting")
            cr.rollback()
        change.finish()
        self.assertEqual(self._read(), ("assigned", "NZ"))


@tagged("standard", "post_install", "-at_install")
class TestCardRace(RaceCase):
    """Two administrators put cards in force that say different things of the same."""

    def _make(self, env):
        product = env["product.product"].create({"name": "Race card"})
        self.product_ids.append(product.id)
        partner = env["res.partner"].create({"name": "Race", "is_company": True})
        line = {
            "applies_to": "all",
            "criterion_ids": [Command.create({"kind": "package"})],
        }
        cards = env["qms.qrs"].create(
            [
                {
                    "code": f"RACE-{company_id}-{number}",
                    "description": "Race",
                    "company_id": company_id,
                    "partner_ids": [Command.link(partner.id)],
                    "line_ids": [Command.create(line)],
                }
                for number, company_id in enumerate(
                    (env.company.id, env.company.id, False)
                )
            ]
        )
        self.partner_id, self.card_ids = partner.id, cards.ids

    def _clean_more(self, env):
        cards = trusted(env["qms.qrs"].browse(self.card_ids))
        cards.state = "draft"
        cards.unlink()
        env["res.partner"].browse(self.partner_id).unlink()

    def _activate(self, card_id):
        return Step(self, lambda env: env["qms.qrs"].browse(card_id).action_activate())

    def _read_states(self):
        with self.transaction() as env:
            return env["qms.qrs"].browse(self.card_ids).mapped("state")

    def test_two_cards_of_a_company(self):
        first, second, _shared = map(self._activate, self.card_ids)
        self._race(first, second)
        self._assert_second_refused(first, second)
        self.assertEqual(self._read_states(), ["active", "draft", "draft"])

    def test_a_card_of_all_companies(self):
        first, _second, shared = map(self._activate, self.card_ids)
        self._race(shared, first)
        self._assert_second_refused(shared, first)
        self.assertEqual(self._read_states(), ["draft", "draft", "active"])

    def _assert_second_refused(self, first, second):
        self.assertIsNone(first.refusal)
        self.assertIn("Two active cards can't ask for different", second.refusal or "")
        self.assertEqual(second.runs, 2, "it ran again, and saw what the first one did")


@tagged("standard", "post_install", "-at_install")
class TestBlanketRace(RaceCase):
    """Two orders take the last of a blanket order at once."""

    cleaning = (
        f"DELETE FROM mail_message WHERE model = 'sale.order' AND res_id IN ({ORDERS})",
        f"DELETE FROM mail_message WHERE model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        f"UPDATE stock_picking SET state = 'cancel' WHERE id IN ({PICKINGS})",
        "DELETE FROM sale_order_line WHERE product_id IN %(products)s",
    )

    def _make(self, env):
        product = env["product.product"].create(
            {"name": "Race blanket", "is_storable": True}
        )
        self.product_ids.append(product.id)
        partner = env["res.partner"].create({"name": "Race", "is_company": True})
        line = Command.create({"product_id": product.id, "product_uom_qty": 10})
        vals = {"partner_id": partner.id, "order_line": [line]}
        blanket = env["sale.order"].create({**vals, "qms_is_blanket": True})
        blanket.action_confirm()
        orders = env["sale.order"].create([{**vals, "qms_blanket_id": blanket.id}] * 2)
        self.partner_id, self.order_ids = partner.id, (*orders.ids, blanket.id)

    def _clean_more(self, env):
        env.cr.execute(
            "DELETE FROM stock_picking WHERE partner_id = %s", [self.partner_id]
        )
        env.cr.execute("DELETE FROM sale_order WHERE id IN %s", [self.order_ids])
        env.invalidate_all()
        env["res.partner"].browse(self.partner_id).unlink()

    def _confirm(self, order_id):
        return Step(
            self, lambda env: env["sale.order"].browse(order_id).action_confirm()
        )

    def test_two_orders(self):
        """The second waits, and is told what is left."""
        first, second = map(self._confirm, self.order_ids[:2])
        self._race(first, second)
        self.assertIsNone(first.refusal)
        self.assertIn("only 0 Units are left of blanket order", second.refusal or "")
        with self.transaction() as env:
            orders = env["sale.order"].browse(self.order_ids)
            self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
