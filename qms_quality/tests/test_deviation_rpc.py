from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_deviation import DeviationCase
from .rpc_case import Refused, RpcCase


@tagged("post_install", "-at_install")
class TestDeviationRpc(DeviationCase, RpcCase):
    """People of ill will, over both of Odoo's protocols."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = (cls.clerk, cls.inspector, cls.manager, cls.administrator)
        cls._set_passwords(cls.env["res.users"].union(*cls.people))
        cls._make_card(cls._fat(">=", 3.5, "recorded"))
        cls.held = cls._stock_lot("A", values={cls.fat: 3.0})
        picking = cls._sell(4)
        picking.button_validate()
        cls.deviation = cls._deviations(lot_id=cls.held.id)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_forges_a_deviation(self):
        values = {
            "product_id": self.product.id,
            "company_id": self.company.id,
            "direction": "out",
            "state": "accepted",
            "decision": "accepted",
            "lot_id": self.held.id,
        }
        for call in self._clients(*self.people):
            for context in ({"qms_sentinel": True}, {"default_state": "accepted"}):
                for method, ids, named in (
                    ("create", None, {"vals_list": [values]}),
                    ("write", self.deviation.ids, {"vals": {"state": "accepted"}}),
                    ("write", self.deviation.ids, {"vals": {"found": "4 %"}}),
                    ("write", self.deviation.ids, {"vals": {"move_line_id": False}}),
                    ("unlink", self.deviation.ids, {}),
                    ("copy", self.deviation.ids, {"default": {"state": "accepted"}}),
                    ("_decide", self.deviation.ids, {"decision": "accepted"}),
                    ("_qms_do_accept", self.deviation.ids, {}),
                    ("_qms_record", None, {"vals_list": [values]}),
                ):
                    with self.assertRaises(Refused, msg=f"{method} {named}"):
                        call("qms.deviation", method, ids, context=context, **named)
        self.env.invalidate_all()
        self.assertEqual(self.deviation.state, "open")
        self.assertEqual(self._deviations(lot_id=self.held.id), self.deviation)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_writes_what_waits_for_a_test(self):
        values = {
            "move_line_id": self.deviation.move_line_id.id,
            "document_line_id": self.deviation.document_line_id.id,
            "criterion_id": self.deviation.criterion_id.id,
            "lot_id": self.held.id,
        }
        for call in self._clients(*self.people):
            with self.assertRaises(Refused):
                call("qms.deviation.waiting", "create", vals_list=[values])
