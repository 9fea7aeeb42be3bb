"""Nobody gets round what an order requires, whatever he sends."""

from odoo.tests import HttpCase, tagged

from odoo.addons.qms_quality.tests.common_steering import SteeringCase
from odoo.addons.qms_quality.tests.rpc_case import (
    Broken,
    JsonClient,
    Refused,
    XmlClient,
)

KEYS = (
    "qms_sentinel",
    "qms_steering",
    "qms_preferred",
    "qms_posting",
    "qms_gate_domain",
    "qms_reserving",
    "qms_picked_by_system",
    "qms_move_id",
)
VALUES = (True, 999999999, "x", [["id", ">", 0]], {"copies": {}})
CONTEXTS = [{key: value} for key in KEYS for value in VALUES]
IGNORING = {"is_ignored": True, "ignore_reason": "Mine"}


@tagged("standard", "post_install", "-at_install")
class TestRpcHostileRequirement(SteeringCase, HttpCase):
    """A worker, one who may ignore requirements, and who keeps them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.clerk | cls.foreman | cls.administrator
        cls.passwords = {user: f"{user.login}-password" for user in cls.people}
        for user, password in cls.passwords.items():
            user.password = password

    def setUp(self):
        super().setUp()
        self.nz = self._stock_lot("NZ", 20, {self.origin: self.new_zealand})
        self._make_card(self._no_origin(self.new_zealand))
        self.picking = self._sell(5)
        self.copy = self._copy_of(self.picking)
        self.assertFalse(self.picking.move_line_ids)

    def _clients(self, user):
        return [client(self, user) for client in (XmlClient, JsonClient)]

    def _assert_untouched(self):
        self.env.invalidate_all()
        self.assertFalse(self.copy.is_ignored)
        self.assertEqual(self.copy.criterion_ids.country_ids, self.new_zealand)
        self.assertEqual(self.nz.quant_ids.reserved_quantity, 0)
        self.assertNotEqual(self.picking.state, "done")

    def _refuse(self, client, *args, **named):
        with self.assertRaises(Refused):
            client(*args, **named)
        self._assert_untouched()

    def test_ignoring_is_not_written(self):
        """Not even by who may ignore, or keeps the requirements: by the button only."""
        model, ids = self.copy._name, self.copy.ids
        for user in self.people:
            for client in self._clients(user):
                for context in ({}, *CONTEXTS[:5]):
                    with self.subTest(user.login, context=context):
                        self._refuse(
                            client, model, "write", ids, context, vals=IGNORING
                        )
                self._refuse(client, model, "unlink", self.copy.ids)
                vals = {
                    "res_model": "sale.order.line",
                    "res_id": self.copy.res_id,
                    "product_id": self.product.id,
                    "type": "sales",
                    "company_id": self.company.id,
                }
                self._refuse(client, model, "create", vals_list=[{**vals, **IGNORING}])

    def test_who_lacks_the_right(self):
        model = self.copy._name
        for client in self._clients(self.clerk):
            for method, named in (
                ("action_ignore", {"reason": "Mine"}),
                ("action_ignore", {}),
                ("action_heed", {}),
            ):
                for context in ({}, *CONTEXTS):
                    self._refuse(client, model, method, self.copy.ids, context, **named)
            move = self.picking.move_ids
            self._refuse(client, "stock.move", "action_qms_ignore_qrs", move.ids)
            vals = {"line_ids": [[6, 0, self.copy.ids]], "reason": "Mine"}
            self._refuse(client, "qms.qrs.ignore", "create", vals_list=[vals])

    def test_requirements_of_a_company_that_is_not_his(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "UPDATE qms_qrs_document_line SET company_id = %s WHERE id = %s",
            [other.id, self.copy.id],
        )
        for client in self._clients(self.foreman):
            self._refuse(
                client, self.copy._name, "action_ignore", self.copy.ids, reason="Mine"
            )

    def test_no_context_reserves_or_posts(self):
        client = JsonClient(self, self.clerk)
        move = self.picking.move_ids
        line = {
            "move_id": move.id,
            "picking_id": self.picking.id,
            "product_id": self.product.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
            "lot_id": self.nz.id,
            "quantity": 5,
            "picked": True,
        }
        for context in CONTEXTS:
            with self.subTest(context=context):
                self._say(client, "stock.picking", "action_assign", context)
                self._assert_untouched()
                if "qms_picked_by_system" not in context:
                    self._refuse(
                        client,
                        "stock.move.line",
                        "create",
                        None,
                        context,
                        vals_list=[line],
                    )

    def test_what_was_entered_past_the_first_refusal_is_not_posted(self):
        client = JsonClient(self, self.clerk)
        move = self.picking.sudo().move_ids
        vals = move._prepare_move_line_vals(quantity=5)
        lines = self.env["stock.move.line"].with_context(qms_picked_by_system=True)
        lines.create({**vals, "lot_id": self.nz.id})
        move.picked = True
        for context in CONTEXTS:
            with self.subTest(context=context):
                with self.assertRaises(Refused):
                    client(
                        "stock.picking", "button_validate", self.picking.ids, context
                    )
                self.env.invalidate_all()
                self.assertNotEqual(self.picking.state, "done")

    def _say(self, client, model, method, context):
        """Call; an answer and a refusal are well, a traceback is not."""
        try:
            client(model, method, self.picking.ids, context)
        except Refused as refusal:
            self.assertNotIn("Traceback", str(refusal))
        except Broken as broken:
            self.fail(str(broken)[:500])


@tagged("standard", "post_install", "-at_install")
class TestRpcHostileAttribute(SteeringCase, HttpCase):
    """What is known of a lot: where it comes from is nobody's to claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.clerk | cls.inspector | cls.seller
        cls.passwords = {user: f"{user.login}-password" for user in cls.people}
        for user, password in cls.passwords.items():
            user.password = password

    def setUp(self):
        super().setUp()
        self.tested = self._record(self.lot, {self.origin: self.new_zealand}, "test")
        self.entered = self._record(self.lot, {self.fat: 3.0})
        self.other = self._make_lot("L-2")
        self.rows = self.env["qms.lot.attribute"]
        self.env.flush_all()

    def _clients(self, user):
        return [client(self, user) for client in (XmlClient, JsonClient)]

    def _refuse(self, client, method, ids=None, context=None, **named):
        with self.subTest(method=method, named=named):
            with self.assertRaises(Refused):
                client(self.rows._name, method, ids, context, **named)
            self.env.invalidate_all()
            self.assertEqual(self.tested.country_id, self.new_zealand)
            self.assertEqual(self.tested.source, "test")

    def test_what_a_test_said(self):
        """Written, moved, deleted, put right without a right, recorded by the back."""
        forged = {"country_id": self.chile.id}
        lot = self.lot
        for user in self.people:
            for client in self._clients(user):
                ids = self.tested.ids
                for context in ({}, {"qms_sentinel": True}, {"default_source": "test"}):
                    self._refuse(client, "write", ids, context, vals=forged)
                self._refuse(client, "write", ids, vals={"source": "hand"})
                self._refuse(client, "write", ids, vals={"lot_id": self.other.id})
                self._refuse(client, "unlink", ids)
                self._refuse(client, "_qms_record", None, values=[])
                self._refuse(client, "_correct", ids, value="x", reason="x")
                with self.subTest(user.login), self.assertRaises(Refused):
                    command = [[1, self.tested.id, forged]]
                    vals = {"qms_attribute_ids": command}
                    client("stock.lot", "write", lot.ids, vals=vals)
        self.env.invalidate_all()
        self.assertEqual(self.tested.country_id, self.new_zealand)

    def test_values_that_make_no_sense(self):
        """Refused in words, each by whatever way; never a traceback."""
        client = JsonClient(self, self.clerk)
        known = {"lot_id": self.other.id, "attribute_id": self.fat.id}
        for vals in (
            {**known, "value_number": 99},
            {**known, "value_text": "much"},
            {**known, "value_number": "much"},
            {**known, "lot_id": 999999999, "value_number": 3},
            {**known, "attribute_id": 999999999, "value_number": 3},
            {"lot_id": self.other.id, "value_number": 3},
            {**known, "lot_id": self.lot.id, "value_number": 3},
        ):
            self._refuse(client, "create", vals_list=[vals])
        self.assertFalse(self.other.qms_attribute_ids)

    def test_who_may_enter_what(self):
        """Warehouse and inspectors enter values, by hand whatever they claim."""
        vals = {"lot_id": self.other.id, "attribute_id": self.fat.id, "value_number": 4}
        able = self.clerk | self.inspector
        for user in self.people:
            for client in self._clients(user):
                with self.subTest(user=user.login):
                    claimed = {**vals, "source": "test"}
                    if user not in able:
                        self._refuse(client, "create", vals_list=[claimed])
                        self._refuse(
                            client, "write", self.entered.ids, vals={"value_number": 9}
                        )
                        continue
                    client(self.rows._name, "create", vals_list=[claimed])
                    self.env.invalidate_all()
                    row = self.other.qms_attribute_ids
                    self.assertEqual((row.source, row.value_number), ("hand", 4))
                    client(self.rows._name, "unlink", row.ids)
                    self.env.invalidate_all()
                    self.assertFalse(self.other.qms_attribute_ids)
        self.assertEqual(self.entered.value_number, 3)
