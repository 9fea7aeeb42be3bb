from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common import INSPECTOR, STOCK_USER
from odoo.addons.qms_quality.tests.rpc_case import RpcCase

from .common_near_expiry import NearExpiryCase

FORGED = {
    "qms_sentinel": True,
    "default_state": "done",
    "default_qms_expiry_decision_id": 1,
    "default_qms_use_first": True,
    "qms_picked_by_system": True,
    "qms_past_removal": True,
    "install_mode": True,
}
MODEL = "qms.expiry.decision"
ACTIONS = ("action_decide", "action_leave", "action_open_wizard")


@tagged("post_install", "-at_install")
class TestNearExpiryRights(NearExpiryCase, RpcCase):
    """Only shelf-life managers decide, by the buttons only, over both protocols."""

    state_queries = (
        "SELECT id, state, kind, quantity, done_quantity, lot_id, is_settled"
        " FROM qms_expiry_decision",
        "SELECT id, state, res_model, res_id FROM qms_hold",
        "SELECT id, hold_id, quantity FROM qms_hold_permit",
        "SELECT id, lot_id, location_id, quantity FROM stock_quant",
        "SELECT id, state, qms_expiry_decision_id FROM stock_move",
        "SELECT id, qms_expiry_decision_id FROM sale_order_line",
        "SELECT id, qms_expiry_decision_id FROM qms_quality_order",
        "SELECT id, qms_use_first, expiration_date FROM stock_lot",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("qms_seller", "sales_team.group_sale_salesman")
        cls.others = cls.clerk | cls.inspector | cls.seller
        cls._set_passwords(cls.others | cls.keeper)

    def setUp(self):
        super().setUp()
        self.lot = self._make_dated_lot("L", 5, quantity=100)
        self.row = self._list(self.lot)

    def test_others_decide_nothing(self):
        self.row.with_user(self.keeper).write({"kind": "destroy", "reason": "Old"})
        wizard = {"decision_ids": [[6, 0, self.row.ids]], "kind": "destroy"}
        for client in self._clients(*self.others):
            for method in ACTIONS:
                self.assertRefused(client, MODEL, method, self.row.ids, FORGED)
            for vals in ({"kind": "donate"}, {"user_id": False}, {"quantity": 1}):
                self.assertRefused(
                    client, MODEL, "write", self.row.ids, FORGED, vals=vals
                )
            self.assertRefused(client, MODEL, "unlink", self.row.ids, FORGED)
            self.assertRefused(
                client,
                "qms.expiry.decision.wizard",
                "create",
                None,
                FORGED,
                vals_list=[{**wizard, "reason": "Old"}],
            )

    def test_what_actions_write_is_written_by_nobody(self):
        values = {
            "state": "done",
            "lot_id": self.lot.id,
            "warehouse_id": self.warehouse.id,
            "done_quantity": 5,
            "decided_by_id": self.keeper.id,
            "is_settled": True,
            "value": 3,
            "closing_reason": "Gone",
        }
        goods = {"lot_id": self.lot.id, "warehouse_id": self.warehouse.id}
        for client in self._clients(self.keeper):
            for name, value in values.items():
                self.assertRefused(
                    client, MODEL, "write", self.row.ids, FORGED, vals={name: value}
                )
            self.assertRefused(client, MODEL, "create", None, FORGED, vals_list=[goods])
            self.assertRefused(client, MODEL, "unlink", self.row.ids, FORGED)
            self.assertRefused(client, MODEL, "copy", self.row.ids, FORGED)
            for kind in ("none", 5, [1], {}):
                self.assertRefused(
                    client, MODEL, "write", self.row.ids, FORGED, vals={"kind": kind}
                )

    def test_nothing_else_leaves_in_its_name(self):
        """No move, order line, quality order or lot says so by hand."""
        link = {"qms_expiry_decision_id": self.row.id}
        picking = self._picking("outgoing", 5, product=self.milk)
        move = picking.move_ids
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "user_id": self.seller.id,
                "order_line": [(0, 0, {"product_id": self.milk.id})],
            }
        )
        lot = {"name": "X", "product_id": self.milk.id, "qms_use_first": True}
        targets = [
            (self.clerk, move, "write", {"vals": link}),
            (self.seller, order.order_line, "write", {"vals": link}),
            (self.clerk, self.lot, "write", {"vals": {"qms_use_first": True}}),
            (self.clerk, self.lot.browse(), "create", {"vals_list": [lot]}),
        ]
        for user, records, method, named in targets:
            for client in self._clients(user):
                self.assertRefused(
                    client, records._name, method, records.ids or None, FORGED, **named
                )
        with self.assertRaisesRegex(AccessError, "is made by deciding"):
            self.env["qms.quality.order"].with_user(self.inspector).create(
                {"product_id": self.milk.id, **link}
            )

    def test_decided_rows_are_fixed(self):
        row = self._decide(self.row, "donate", partner_id=self.client)
        for client in self._clients(self.keeper):
            for vals in ({"quantity": 1}, {"kind": "destroy"}, {"reason": "No"}):
                self.assertRefused(client, MODEL, "write", row.ids, FORGED, vals=vals)
            for method in ACTIONS:
                self.assertRefused(client, MODEL, method, row.ids, FORGED)

    def test_a_hold_is_not_released_past_its_decision(self):
        hold = self._holds(self.lot)
        with self.assertRaisesRegex(UserError, "It is decided in Near Expiry"):
            hold.with_user(self.keeper).action_release()
        with self.assertRaisesRegex(AccessError, "You may not release these holds"):
            hold.with_user(self.manager).action_release()

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._make_user("qms_far", STOCK_USER, INSPECTOR)
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertTrue(self.Row.with_user(self.clerk).search_count([]))
        self.assertFalse(self.Row.with_user(user).search([("id", "=", self.row.id)]))
