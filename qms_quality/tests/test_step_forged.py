from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_step import StepCase
from .rpc_case import JsonClient, Refused, XmlClient


@tagged("post_install", "-at_install")
class TestStepForged(StepCase, HttpCase):
    """Nobody talks a document past its quality orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.passwords = {cls.clerk: "qms_clerk", cls.inspector: "qms_inspector"}
        for user, password in cls.passwords.items():
            user.password = password

    def _waiting(self):
        rule = self._rule("receipt_ready", "transfer")
        _purchase, picking = self._buy()
        self._name_lot(picking, "L1")
        return picking.sudo(), self._orders_of(rule)

    def _write(self, call, model, ids, keys, values):
        call(model, "write", ids, keys, vals=values)

    def test_over_the_protocols(self):
        picking, order = self._waiting()
        keys = {
            "qms_sentinel": True,
            "qms_made_after": -1,
            "skip_sanity_check": True,
            "tracking_disable": True,
        }
        for client in (XmlClient, JsonClient):
            clerk, inspector = (
                client(self, user) for user in (self.clerk, self.inspector)
            )
            for name, call, model, ids, values in (
                ("move", clerk, "stock.move", picking.move_ids.ids, {"state": "done"}),
                (
                    "flag",
                    inspector,
                    order._name,
                    order.ids,
                    {"block_transfer": False},
                ),
                ("state", inspector, order._name, order.ids, {"verdict": "passed"}),
                (
                    "date",
                    inspector,
                    order._name,
                    order.ids,
                    {"date_repeat": "2000-01-01"},
                ),
                ("move of it", inspector, order._name, order.ids, {"move_id": False}),
                ("clerk", clerk, order._name, order.ids, {"block_transfer": False}),
            ):
                with self.subTest(name, client=client.__name__):
                    with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                        with self.assertRaises(Refused):
                            self._write(call, model, ids, keys, values)
            # the button only tells, and posts nothing
            with suppress(Refused):
                clerk(picking._name, "button_validate", picking.ids, keys)
            picking.invalidate_recordset()
            self.assertEqual(picking.state, "assigned")
        self.assertTrue(order.block_transfer)
        self.assertEqual(order.state, "draft")

    def test_by_whom_it_may_be_given_up(self):
        _picking, order = self._waiting()
        with self.assertRaises(AccessError):
            order.with_user(self.inspector).action_cancel()
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).unlink()
        with self.assertRaises(AccessError):
            self._rule("receipt").with_user(self.inspector).block_bill = True
