from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestRuleAndInspection(InspectionCase):
    """A default status and an inspection for the same receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.status.rule"].search([]).active = False

    def _rule(self, status, **vals):
        return self.env["qms.status.rule"].create(
            {"arrival": "receipt", "status_id": status.id, **vals}
        )

    def _pass(self, order):
        self._fill(order)
        order.with_user(self.inspector).action_validate()

    def test_passing_frees_what_the_rule_held_no_more_than_the_inspection(self):
        self._rule(self.under_inspection)
        order = self._receive_order()
        lot = order.lot_ids
        self.assertEqual(
            lot.qms_hold_ids.filtered(lambda hold: hold.state == "open").res_model,
            "qms.quality.order",
        )
        self._pass(order)
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_a_known_lot_and_goods_without_one_too(self):
        self._rule(self.under_inspection)
        self._associate()
        lot = self._make_lot("KNOWN")
        self._stock_up(1, lot)
        for picking in (
            self._receive([lot]),
            self._receive(product=self.untracked),
        ):
            order = self._orders(picking)
            holds = self.env["qms.hold"].search(
                [("product_id", "=", order.product_id.id), ("state", "=", "open")]
            )
            self.assertEqual(holds.mapped("res_model"), ["qms.quality.order"])

    def test_another_status_of_a_rule_outlasts_the_inspection(self):
        conditional = self.env.ref("qms_quality.status_conditional")
        rule = self._rule(self.on_hold)
        for name, status in (("L1", self.on_hold), ("L2", conditional)):
            rule.status_id = status
            order = self._receive_order(lots=[name])
            self._pass(order)
            self.assertEqual(order.lot_ids.inspection_status_id, status)

    def test_a_term_runs_beside_the_inspection(self):
        self._rule(self.under_inspection, term=48, next_status_id=self.available.id)
        order = self._receive_order()
        self._pass(order)
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        self.assertTrue(order.lot_ids.qms_term_date)

    def test_goods_that_no_inspection_asks_for_keep_the_rule(self):
        self._rule(self.under_inspection)
        self._associate(product_ids=self.untracked.ids)
        self._receive(["L2"])
        lot = self.env["stock.lot"].search(
            [("name", "=", "L2"), ("product_id", "=", self.product.id)]
        )
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_form_says_when_a_status_outlasts_the_inspection(self):
        self._associate()
        rule = self._rule(self.on_hold).with_user(self.clerk)
        self.assertTrue(rule.outlasts_inspection)
        for vals, outlasts in (
            ({"arrival": "count"}, False),
            ({"arrival": False}, True),
            ({"status_id": self.under_inspection.id}, False),
            ({"status_id": self.rejected.id}, True),
            ({"term": 48, "next_status_id": self.available.id}, False),
        ):
            with self.subTest(vals=vals):
                rule.sudo().write(vals)
                self.assertEqual(rule.outlasts_inspection, outlasts)

    def test_form_says_it_only_of_goods_that_are_inspected(self):
        dairy, other = self.env["product.category"].create(
            [{"name": "Dairy"}, {"name": "Other"}]
        )
        milk = self.env["product.category"].create(
            {"name": "Milk", "parent_id": dairy.id}
        )
        self.product.categ_id = milk
        association = self._associate()
        for filters in (
            {"product_ids": self.product.ids, "categ_ids": False},
            {"product_ids": False, "categ_ids": milk.ids},
        ):
            association.write(filters)
            for goods, outlasts in (
                ({"product_id": self.product.id}, True),
                ({"product_id": self.untracked.id}, False),
                ({"categ_id": milk.id}, True),
                ({"categ_id": dairy.id}, True),
                ({"categ_id": other.id}, False),
                ({}, True),
            ):
                with self.subTest(filters=filters, goods=goods):
                    rule = self._rule(self.on_hold, **goods)
                    self.assertEqual(rule.outlasts_inspection, outlasts)
