from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestAssociationTry(StepCase):
    """What rules would have done with a past document, and why others not."""

    def _try(self, user=None, **document):
        form = self.env["qms.association.try"].with_user(user or self.manager)
        record = form.new(document)
        return {
            (line.association_id.name, line.makes_order, line.reason)
            for line in record.line_ids
        }

    def _name(self, rule, name):
        rule.name = name
        return rule

    def test_a_receipt(self):
        picking = self._receive(["L1"])
        other = self.env["res.partner"].create({"name": "Other"})
        group = self._make_weight_group("Second")
        self._name(self._rule("receipt"), "Match")
        self._name(self._rule("receipt", product_ids=[]), "General")
        self._name(self._rule("receipt_ready", "transfer"), "Before")
        self._name(self._rule("output"), "Output")
        self._name(
            self._associate(group, event="receipt", partner_ids=other.ids), "Partner"
        )
        self._name(self._associate(group, event="receipt", date_to="2000-01-01"), "Old")
        self._name(
            self._associate(group, event="receipt", product_ids=self.untracked.ids),
            "Product",
        )
        self.assertEqual(
            self._try(picking_id=picking.id),
            {
                ("Match", True, False),
                ("Before", True, False),
                (
                    "General",
                    False,
                    "“Match” is about the same test group, and more specific.",
                ),
                ("Output", False, "Not in this document: Production output."),
                (
                    "Partner",
                    False,
                    "Another partner, or without the tag: Green Farm.",
                ),
                ("Old", False, "Not in effect today."),
                ("Product", False, "Another product: Milk."),
            },
        )
        self.assertFalse(self._orders(picking))

    def test_a_lot(self):
        lot = self._receive(["L1"]).move_line_ids.lot_id
        self._name(self._rule("lot_created"), "Created")
        self._name(self._rule("lot_term", term_days=30), "Term")
        self.assertEqual(
            self._try(lot_id=lot.id),
            {("Created", True, False), ("Term", False, "Not in effect today.")},
        )

    def test_as_the_manager_does(self):
        picking = self._receive(["L1"])
        rule = self._rule("receipt").with_user(self.manager)
        action = rule.action_try()
        self.assertEqual(action["context"]["default_association_id"], rule.id)
        self.assertEqual(self._try(picking_id=picking.id), {("Weight", True, False)})
        self.assertFalse(self._orders(picking))
        with self.assertRaises(AccessError):
            self.env[action["res_model"]].with_user(self.clerk).create({})

    def test_form(self):
        rule = self._rule("receipt").with_user(self.manager)
        form = Form(
            self.env["qms.association.try"].with_context(**rule.action_try()["context"])
        )
        form.picking_id = self._receive(["L1"])
        self.assertTrue(form.is_tried)

    def test_uncovered_products(self):
        products = self.env["product.product"].with_user(self.manager)
        domain = [("id", "in", (self.product | self.untracked).ids)]
        uncovered = [*domain, ("qms_is_covered", "=", False)]
        both = self.product | self.untracked
        self.assertEqual(products.search(uncovered).sudo(), both)
        rule = self._rule("delivery_ready")
        self.assertEqual(products.search(uncovered).sudo(), self.untracked)
        covered = [*domain, ("qms_is_covered", "=", True)]
        self.assertEqual(products.search(covered).sudo(), self.product)
        self.assertEqual(both.mapped("qms_is_covered"), [True, False])
        rule.date_to = "2000-01-01"
        self.assertEqual(products.search(uncovered).sudo(), both)
        rule.write({"date_to": False, "product_ids": [(5, 0, 0)]})
        self.assertFalse(products.search(uncovered))
