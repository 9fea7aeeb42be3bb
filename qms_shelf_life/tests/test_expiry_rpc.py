from odoo.tests import tagged

from odoo.addons.qms_quality.tests.rpc_case import JsonClient, RpcCase

from .expiry_case import ExpiryCase

# Whatever a caller may send along: core's own answer, and keys of the gate.
CONTEXTS = (
    {"skip_expired": True},
    {"skip_expired": True, "qms_picked_by_system": True, "qms_reserving": []},
    {"skip_expired": True, "with_expiration": False, "qms_gate_domain": []},
    {"skip_expired": True, "qms_sentinel": True, "picked": True},
)


@tagged("post_install", "-at_install")
class TestExpiryRpc(ExpiryCase, RpcCase):
    """A plain stock user with a program of his own gets no expired goods out."""

    state_queries = (
        "SELECT id, quantity FROM stock_quant",
        "SELECT id, state FROM stock_move",
        "SELECT id FROM qms_expiry_release",
        "SELECT id FROM qms_expiry_rule",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_passwords(cls.clerk)

    def setUp(self):
        super().setUp()
        self.old = self._make_dated_lot("OLD", -1, quantity=9)
        self.call = JsonClient(self, self.clerk)

    def test_validating(self):
        picking = self._forced(lot=self.old)
        for context in CONTEXTS:
            with self.subTest(context):
                self.assertRefused(
                    self.call,
                    "stock.picking",
                    "button_validate",
                    picking.ids,
                    {**context, "button_validate_picking_ids": picking.ids},
                )

    def test_choosing(self):
        picking = self._due(0)
        move = picking.move_ids
        line = {
            "move_id": move.id,
            "picking_id": picking.id,
            "product_id": self.milk.id,
            "lot_id": self.old.id,
            "quantity": 1,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
        }
        self.assertRefused(
            self.call, "stock.move.line", "create", vals_list=[line], context={}
        )
        self.call(
            "stock.move",
            "write",
            move.ids,
            {"with_expiration": False, "qms_reserving": []},
            vals={"quantity": 4},
        )
        self.env.invalidate_all()
        self.assertNotIn("OLD", self._reserved(move))

    def test_rules_and_releases(self):
        values = {
            "lot_id": self.old.id,
            "kind": "donate",
            "reason": "-",
            "state": "granted",
            "partner_id": self.partner.id,
        }
        for model, vals in (
            ("qms.expiry.release", values),
            ("qms.expiry.rule", {"level_delivery": "allow"}),
        ):
            self.assertRefused(self.call, model, "create", vals_list=[vals])
        self.assertRefused(
            self.call, "qms.expiry.release", "_grant", vals_list=[values]
        )
        self.assertRefused(
            self.call, "qms.hold", "create", vals_list=[{"is_expiry": True}]
        )
