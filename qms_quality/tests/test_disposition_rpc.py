from contextlib import suppress

from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_disposition import DispositionCase
from .rpc_case import Refused, RpcCase, XmlClient

FORGED = {
    "qms_sentinel": True,
    "default_state": "approved",
    "default_qms_disposition_id": 1,
    "default_done_quantity": 5,
    "install_mode": True,
    "import_file": True,
    "qms_picked_by_system": True,
    "qms_relabelling": True,
}
ACTIONS = (
    "action_approve",
    "action_execute",
    "action_cancel",
    "action_finish_sorting",
    "action_customer_accepts",
    "action_customer_refuses",
)
MODEL = "qms.disposition"


@tagged("post_install", "-at_install")
class TestDispositionRpc(DispositionCase, RpcCase):
    """What clients may not do about dispositions, over both of Odoo's protocols."""

    state_queries = (
        "SELECT id, state, kind, quantity, done_quantity, approved_by_id,"
        " executed_by_id, child_lot_id, customer_answer FROM qms_disposition",
        "SELECT id, state, res_model, res_id FROM qms_hold",
        "SELECT id, hold_id, quantity FROM qms_hold_permit",
        "SELECT id, lot_id, location_id, quantity FROM stock_quant",
        "SELECT id, state, qms_disposition_id FROM stock_move",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = cls.clerk | cls.plant | cls.officer
        cls._set_passwords(cls.readers | cls.inspector | cls.manager)

    def setUp(self):
        super().setUp()
        self.case = self._lot_case()
        self.row = self._add(self.case, "scrap", 40)

    def test_what_actions_write_is_written_by_nobody(self):
        values = {
            "state": "approved",
            "approved_by_id": self.manager.id,
            "executed_by_id": self.manager.id,
            "done_quantity": 40,
            "child_lot_id": self.case.lot_ids.id,
            "customer_answer": "accepted",
            "ending_hold_ids": [[6, 0, self.case.hold_ids.ids]],
        }
        for client in self._clients():
            for name, value in values.items():
                self.assertRefused(
                    client, MODEL, "write", self.row.ids, FORGED, vals={name: value}
                )
                self.assertRefused(
                    client,
                    MODEL,
                    "create",
                    None,
                    FORGED,
                    vals_list=[{"nonconformance_id": self.case.id, name: value}],
                )

    def test_defaults_forge_nothing(self):
        for client in self._clients(self.inspector, self.manager):
            (made,) = client(
                MODEL,
                "create",
                None,
                FORGED,
                vals_list=[{"nonconformance_id": self.case.id, "quantity": 1}],
            )
            row = self.Row.browse(made)
            self.assertEqual((row.state, row.done_quantity), ("draft", 0))

    def test_readers_only_read(self):
        for client in self._clients(*self.readers):
            for method in ACTIONS:
                self.assertRefused(client, MODEL, method, self.row.ids, FORGED)
            self.assertRefused(client, MODEL, "unlink", self.row.ids, FORGED)
            self.assertRefused(
                client, MODEL, "write", self.row.ids, FORGED, vals={"quantity": 1}
            )
            self.assertRefused(
                client,
                "qms.nonconformance",
                "action_list_goods",
                self.case.ids,
                FORGED,
            )

    def test_steps_out_of_order(self):
        for client in self._clients(self.inspector, self.manager):
            for method in ACTIONS:
                if method != "action_cancel":
                    self.assertRefused(client, MODEL, method, self.row.ids, FORGED)
        self.case.with_user(self.inspector).action_submit()
        for client in self._clients(self.inspector):
            self.assertRefused(client, MODEL, "action_approve", self.row.ids, FORGED)
            self.assertRefused(client, MODEL, "action_execute", self.row.ids, FORGED)

    def test_approved_rows_are_fixed(self):
        self._approve(self.case)
        values = {
            "quantity": 99,
            "kind": "use_as_is",
            "lot_id": False,
            "location_dest_id": self.dest.id,
            "good_quantity": 40,
            "customer_answer_text": "Yes",
            "nonconformance_id": self._lot_case("L-2").id,
        }
        for client in self._clients(self.inspector, self.manager):
            for name, value in values.items():
                self.assertRefused(
                    client, MODEL, "write", self.row.ids, FORGED, vals={name: value}
                )
            self.assertRefused(client, MODEL, "unlink", self.row.ids, FORGED)
            self.assertRefused(
                client,
                "qms.nonconformance",
                "write",
                self.case.ids,
                FORGED,
                vals={"disposition_ids": [[1, self.row.id, {"quantity": 99}]]},
            )

    def test_carried_out_once_only(self):
        self._approve(self.case)
        XmlClient(self, self.inspector)(MODEL, "action_execute", self.row.ids)
        self.env.invalidate_all()
        self.assertEqual(self.row.state, "done")
        for client in self._clients(self.inspector, self.manager):
            for method in ACTIONS:
                self.assertRefused(client, MODEL, method, self.row.ids, FORGED)

    def test_moves_carry_out_nothing_by_hand(self):
        self._approve(self.case)
        stock = self._make_user(
            "qms_stock", "stock.group_stock_manager", "base.group_user"
        )
        stock.password = self.passwords[stock] = "qms_stock-password"
        picking = self._picking("outgoing", 5)
        for client in self._clients(stock):
            self.assertRefused(
                client,
                "stock.move",
                "write",
                picking.move_ids.ids,
                FORGED,
                vals={"qms_disposition_id": self.row.id},
            )
            self.assertRefused(
                client,
                "stock.move",
                "create",
                None,
                {},
                vals_list=[
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 1,
                        "location_id": self.stock.id,
                        "location_dest_id": self.customer.id,
                        "qms_disposition_id": self.row.id,
                    }
                ],
            )

    def test_limits_of_holds_are_nobody_s_to_write(self):
        hold = self.case.hold_ids
        for client in self._clients():
            self.assertRefused(
                client,
                "qms.hold",
                "write",
                hold.ids,
                FORGED,
                vals={"allowed_partner_ids": [[6, 0, self.partner.ids]]},
            )

    def test_private_methods_stay_private(self):
        for client in self._clients(self.manager):
            for method in (
                "_execute",
                "_free",
                "_end",
                "_set_done",
                "_settle",
                "_permit",
                "_make_transfer",
                "_qms_do_approve",
                "_execute_scrap",
                "_answer",
            ):
                self.assertRefused(client, MODEL, method, self.row.ids)
            for method in ("_qms_stand_alone", "_qms_do_release"):
                self.assertRefused(client, "qms.hold", method, self.case.hold_ids.ids)

    def test_nonsense_is_refused_in_words(self):
        for client in self._clients(self.inspector, self.manager):
            for vals in (
                {"quantity": -1},
                {"quantity": 1e30},
                {"lot_id": 2**31 - 5},
                {"location_id": 0},
                {"nonconformance_id": False},
            ):
                with suppress(Refused):
                    client(MODEL, "write", self.row.ids, vals=vals)
            for reason in (5, ["x"], {"a": 1}):
                row = self._add(self.case, "scrap", 1)
                client(MODEL, "action_cancel", row.ids, reason=reason)
        self.env.invalidate_all()
        self.assertEqual(self.row.state, "draft")

    def test_closed_cases_take_no_more_rows(self):
        trusted(self.case).state = "closed"
        for client in self._clients(self.inspector, self.manager):
            self.assertRefused(
                client,
                MODEL,
                "create",
                None,
                FORGED,
                vals_list=[{"nonconformance_id": self.case.id, "quantity": 1}],
            )
            self.assertRefused(
                client, MODEL, "write", self.row.ids, FORGED, vals={"quantity": 1}
            )
