from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestStatusRule(QmsCase):
    """Goods start in the status that a rule gives them, and move on after a term."""

    def _rule(self, **vals):
        vals.setdefault("status_id", self.under_inspection.id)
        return self.env["qms.status.rule"].create(vals)

    def _run_terms(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("qms_quality.cron_apply_status_terms")
            cron.method_direct_trigger()

    def _pass_term(self, holds):
        """Let the term of ``holds`` have passed."""
        self.env.cr.execute(
            "UPDATE qms_hold SET date_term = now() at time zone 'UTC' - interval '1 d'"
            " WHERE id = ANY(%s)",
            [holds.ids],
        )
        holds.invalidate_recordset()

    def _receive(self, quantity, lot_name, dest=None, partner=None):
        receipt = self._picking("incoming", quantity)
        receipt.partner_id = partner or self.partner
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.location_dest_id = dest or self.stock
        receipt.move_ids.move_line_ids.write(
            {"lot_name": lot_name, "quantity": quantity}
        )
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        return receipt.move_line_ids.lot_id

    def test_without_rules_nothing_is_held(self):
        lot = self._receive(5, "NEW")
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertFalse(lot.qms_hold_ids)

    def test_new_lot_waits_before_a_delivery_can_take_it(self):
        self._rule(product_id=self.product.id, arrival="receipt")
        delivery = self._picking("outgoing", 5)
        delivery.action_confirm()
        lot = self._receive(5, "NEW")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        self.assertEqual(delivery.move_ids.quantity, 0)
        open_holds = lot.qms_hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertEqual(len(open_holds), 1)
        self.assertFalse(open_holds.provisional)
        open_holds._release("Passed")
        self.assertEqual(delivery.move_ids.quantity, 5)

    def test_rule_of_another_partner_leaves_the_lot_available(self):
        other = self.env["res.partner"].create({"name": "Other Farm"})
        self._rule(product_id=self.product.id, partner_id=other.id)
        lot = self._receive(5, "NEW")
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(lot.qms_hold_ids.mapped("state"), ["released"])

    def test_rule_of_the_vendor_counts_for_his_contacts(self):
        driver = self.env["res.partner"].create(
            {"name": "Driver", "parent_id": self.partner.id}
        )
        self._rule(product_id=self.product.id)
        self._rule(
            product_id=self.product.id,
            partner_id=self.partner.id,
            status_id=self.on_hold.id,
        )
        lot = self._receive(5, "NEW", partner=driver)
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_rule_of_a_category_counts_inside_it(self):
        dairy = self.env["product.category"].create({"name": "Dairy"})
        fresh = self.env["product.category"].create(
            {"name": "Fresh", "parent_id": dairy.id}
        )
        self.product.categ_id = fresh
        self._rule(categ_id=dairy.id, status_id=self.on_hold.id)
        lot = self._receive(5, "NEW")
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        # the nearest category says it
        self._rule(categ_id=fresh.id)
        lot = self._receive(5, "NEXT")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_most_specific_rule_wins(self):
        category = self.env["product.category"].create({"name": "Dairy"})
        self.product.categ_id = category
        self._rule(status_id=self.rejected.id)
        self._rule(categ_id=category.id, status_id=self.on_hold.id)
        self._rule(product_id=self.product.id, status_id=self.under_inspection.id)
        lot = self._receive(5, "NEW")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_known_lot_is_held_in_its_arrival_place_only(self):
        lot = self._make_lot("KNOWN")
        self._stock_up(5, lot)
        self._rule(product_id=self.product.id)
        self.assertEqual(self._receive(3, "KNOWN", dest=self.shelf), lot)
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(lot.qms_hold_ids.location_id, self.shelf)
        quants = lot.quant_ids.filtered(lambda q: q.location_id.usage == "internal")
        statuses = {q.location_id: q.inspection_status_id for q in quants}
        self.assertEqual(statuses[self.stock], self.available)
        self.assertEqual(statuses[self.shelf], self.under_inspection)

    def test_untracked_goods_are_held_in_their_place(self):
        self._rule(product_id=self.untracked.id)
        receipt = self._picking("incoming", 5, self.untracked)
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.location_dest_id = self.shelf
        receipt.button_validate()
        hold = self.env["qms.hold"].search([("product_id", "=", self.untracked.id)])
        self.assertEqual(hold.scope, "product_place")
        self.assertEqual(hold.location_id, self.shelf)

    def test_lot_straight_to_the_customer_takes_no_status(self):
        self._rule(product_id=self.product.id)
        dropship = self._picking(
            "incoming", 5, source=self.supplier, dest=self.customer
        )
        dropship.action_confirm()
        dropship.move_ids.move_line_ids.write({"lot_name": "DROP", "quantity": 5})
        dropship.move_ids.picked = True
        dropship.button_validate()
        lot = dropship.move_line_ids.lot_id
        self.assertEqual(dropship.state, "done")
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_count_upwards_takes_a_status(self):
        self._rule(product_id=self.product.id, arrival="count")
        lot = self._make_lot("FOUND")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        quant = self.env["stock.quant"].with_user(self.clerk)
        quant.with_context(inventory_mode=True).create(
            {
                "product_id": self.product.id,
                "location_id": self.stock.id,
                "lot_id": lot.id,
                "inventory_quantity": 4,
            }
        ).action_apply_inventory()
        self.assertEqual(self._quantity(self.stock, lot), 4)
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_next_status_follows_after_the_term(self):
        self._rule(
            product_id=self.product.id, term=48, next_status_id=self.available.id
        )
        lot = self._receive(5, "NEW")
        hold = lot.qms_hold_ids.filtered(lambda h: h.state == "open")
        term = hold.date_term - hold.date_placed
        self.assertAlmostEqual(term, timedelta(hours=48), delta=timedelta(minutes=1))
        shown = Form(lot.with_user(self.clerk))
        self.assertEqual(shown.qms_status_date, str(hold.date_placed))
        self.assertEqual(shown.qms_term_date, str(hold.date_term))
        self._run_terms()
        self.assertEqual(hold.state, "open")
        self._pass_term(hold)
        self._run_terms()
        self.assertEqual(hold.state, "released")
        self.assertEqual(lot.inspection_status_id, self.available)
        self.env.cr.flush()
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", hold._name), ("res_id", "=", hold.id)]
        )
        told = entries.filtered(lambda entry: entry.event == "release")
        self.assertEqual(told.mapped("channel"), ["cron"])
        self.assertNotIn("cron", (entries - told).mapped("channel"))

    def test_next_status_may_hold_too(self):
        self._rule(product_id=self.product.id, term=1, next_status_id=self.on_hold.id)
        lot = self._receive(5, "NEW")
        self._pass_term(lot.qms_hold_ids.filtered(lambda h: h.state == "open"))
        self._run_terms()
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_term_and_next_status_come_together(self):
        with self.assertRaises(ValidationError) as refusal:
            self._rule(product_id=self.product.id, term=48)
        self.assertEqual(
            str(refusal.exception),
            "Rule Milk · Under inspection: give both a term in hours and the status"
            " that follows it, or neither.",
        )

    def test_first_rule_counts_at_once(self):
        rules = self.env["qms.status.rule"]
        rules.search([]).active = False
        with self.assertQueryCount(1):
            self.assertFalse(rules._is_used())
            self.assertFalse(rules._get_rules(self.product))
        rule = rules.create({"status_id": self.under_inspection.id})
        self.assertTrue(rules._is_used())
        self.assertIn(rule, rules._get_rules(self.product))
        rule.active = False
        self.assertFalse(rules._is_used())
        rule.active = True
        self.assertTrue(rules._is_used())
        rule.unlink()
        self.assertFalse(rules._is_used())
