"""What a client may not do, over both of Odoo's protocols, whatever it sends."""

from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted
from odoo.addons.qms_quality.tests.common import MANAGER
from odoo.addons.qms_quality.tests.rpc_case import (
    Broken,
    JsonClient,
    Refused,
    XmlClient,
)

from .hostile_case import HostileCase

# Every context key that the code reads, with values of each kind, and keys of core's
# that are a way round somebody's gate.
OUR_KEYS = (
    "qms_sentinel",
    "qms_reserving_move",
    "qms_picked_by_system",
    "qms_gate_domain",
    "qms_warning_asked",
    "qms_relabelling",
)
CORE_KEYS = (
    "inventory_mode",
    "skip_uom_conversion",
    "skip_expired",
    "cancel_backorder",
    "mail_notrack",
    "import_file",
    "install_mode",
)
VALUES = (True, 999999999, "x", [["id", ">", 0]], {"a": 1})
CONTEXTS = [{key: value} for key in OUR_KEYS for value in VALUES]
CONTEXTS += [{key: True} for key in CORE_KEYS]

LEDGER = ("qms.hold", "qms.hold.permit", "qms.audit.entry")


@tagged("standard", "post_install", "-at_install")
class TestRpcHostile(HostileCase):
    """A plain stock user and an inspector, with a client of their own making."""

    # -- Context -----------------------------------------------------------------------
    def test_no_context_opens_a_door(self):
        delivery = self._forced()
        quant = self.assertOneQuant(self.lot)
        doors = [
            ("stock.picking", "button_validate", delivery.ids, {}),
            ("stock.move", "write", delivery.move_ids.ids, {"vals": {"state": "done"}}),
            ("stock.quant", "write", quant.ids, {"vals": {"quantity": 1}}),
            ("qms.hold", "write", self.hold.ids, {"vals": {"state": "released"}}),
            ("stock.lot", "write", self.lot.ids, {"vals": {"name": "OTHER"}}),
            ("stock.lot", "write", self.lot.ids, {"vals": {"qms_blocked_types": 0}}),
            ("stock.lot", "unlink", self.lot.ids, {}),
        ]
        client = JsonClient(self, self.clerk)
        for context in CONTEXTS:
            for model, method, ids, named in doors:
                with self.subTest(f"{model}.{method}", context=context):
                    self.assertRefused(client, model, method, ids, context, **named)

    def test_no_context_reserves_a_held_lot(self):
        delivery = self._picking("outgoing", 20)
        delivery.action_confirm()
        quant = self.assertOneQuant(self.lot)
        client = JsonClient(self, self.clerk)
        move = delivery.move_ids
        calls = (
            ("stock.picking", "do_unreserve", delivery.ids, {}),
            ("stock.picking", "action_assign", delivery.ids, {}),
            ("stock.move", "write", move.ids, {"vals": {"quantity": 10}}),
        )
        for context in CONTEXTS:
            with self.subTest(context=context):
                for model, method, ids, named in calls:
                    self._expect_words(client, model, method, ids, context, **named)
                self.env.invalidate_all()
                self.assertEqual(quant.reserved_quantity, 0)

    def test_doors_over_xml_rpc(self):
        delivery = self._forced()
        client = XmlClient(self, self.clerk)
        for key in OUR_KEYS + CORE_KEYS:
            with self.subTest(key):
                self.assertRefused(
                    client, "stock.picking", "button_validate", delivery.ids, {key: 1}
                )

    def test_move_created_done(self):
        line = {
            "product_id": self.product.id,
            "lot_id": self.lot.id,
            "quantity": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
        }
        vals = {
            "product_id": self.product.id,
            "product_uom_qty": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.id,
            "state": "done",
            "move_line_ids": [[0, 0, line]],
        }
        for client in self._clients(self.clerk):
            self.assertRefused(client, "stock.move", "create", vals_list=[vals])

    # -- The ledger --------------------------------------------------------------------
    def _ledger_vals(self, model):
        hold = {
            "product_id": self.product.id,
            "lot_id": self.free.id,
            "status_id": self.available.id,
        }
        permit = {
            "hold_id": self.hold.id,
            "transaction_type": "delivery",
            "move_id": self._picking("outgoing", 1).move_ids.id,
            "quantity": 99,
            "reason": "because",
        }
        entry = {
            "res_model": "stock.lot",
            "res_id": self.lot.id,
            "event": "release",
            "user_id": self.manager.id,
        }
        return dict(zip(LEDGER, (hold, permit, entry), strict=True))[model]

    def test_ledger_is_nobodys_to_write(self):
        entry = self.env["qms.audit.entry"].search([], limit=1)
        permit = trusted(self.env["qms.hold.permit"]).create(
            self._ledger_vals("qms.hold.permit")
        )
        ids = (self.hold.ids, permit.ids, entry.ids)
        records = dict(zip(LEDGER, ids, strict=True))
        context = {"qms_sentinel": True, "install_mode": True}
        for model in LEDGER:
            vals = self._ledger_vals(model)
            for client in self._clients(self.clerk, self.inspector, self.manager):
                with self.subTest(model, client=type(client).__name__):
                    self.assertRefused(
                        client, model, "create", None, context, vals_list=[vals]
                    )
                    ids = records[model]
                    self.assertRefused(client, model, "write", ids, context, vals=vals)
                    self.assertRefused(client, model, "unlink", ids, context)
                    self.assertRefused(client, model, "copy", ids, context)
                    before = self._get_state()
                    self._expect_words(client, model, "name_create", name="x")
                    self.env.invalidate_all()
                    self.assertEqual(self._get_state(), before)

    def test_ledger_is_not_imported(self):
        for model in LEDGER:
            vals = self._ledger_vals(model)
            names = list(vals)
            row = [str(vals[name]) for name in names]
            columns = [f"{n}/.id" if n.endswith("_id") else n for n in names]
            for client in self._clients(self.clerk, self.inspector, self.manager):
                before = self._get_state()
                with self.subTest(model, client=type(client).__name__):
                    # the answer lists the errors
                    self._expect_words(
                        client, model, "load", fields=columns, data=[row]
                    )
                    self.env.invalidate_all()
                    self.assertEqual(self._get_state(), before)

    def test_private_methods_stay_private(self):
        for client in self._clients(self.clerk, self.inspector, self.manager):
            for model, method, named in (
                ("qms.hold", "_place", {"vals_list": []}),
                ("qms.hold", "_release", {"reason": "x"}),
                ("qms.hold.permit", "_spend", {"types": [], "quantity": 1}),
                ("qms.audit.entry", "_log", {"records": [], "event": "x"}),
                ("stock.lot", "_qms_split", {"quantity": 1, "location": 1}),
                ("stock.quant", "_qms_relabel", {"quantities": {}, "lot": 1}),
            ):
                self.assertRefused(client, model, method, [1], **named)

    # -- Badges and masters ------------------------------------------------------------
    def test_badges(self):
        values = {
            "inspection_status_id": self.available.id,
            "qms_blocked_types": False,
            "qms_status_date": False,
            "qms_term_date": "2000-01-01 00:00:00",
            "qms_gate_counter": 0,
            "parent_lot_id": self.free.id,
            "merged_lot_id": self.free.id,
        }
        for client in self._clients(self.clerk):
            for name, value in values.items():
                with self.subTest(name, client=type(client).__name__):
                    self.assertRefused(
                        client,
                        "stock.lot",
                        "write",
                        self.lot.ids,
                        {"qms_sentinel": 1},
                        vals={name: value},
                    )

    def test_new_lot_is_not_born_free(self):
        rule = {"product_id": self.product.id, "status_id": self.on_hold.id}
        self.env["qms.status.rule"].create(rule)
        for number, client in enumerate(self._clients(self.clerk)):
            vals = {
                "name": f"BORN-{number}",
                "product_id": self.product.id,
                "inspection_status_id": self.available.id,
                "qms_blocked_types": False,
                "parent_lot_id": self.free.id,
                "merged_lot_id": self.free.id,
            }
            context = {
                "qms_sentinel": True,
                "default_inspection_status_id": self.available.id,
                "default_parent_lot_id": self.free.id,
                "default_merged_lot_id": self.free.id,
            }
            client("stock.lot", "create", None, context, vals_list=[vals])
            lot = self.env["stock.lot"].search([("name", "=", vals["name"])])
            self.assertEqual(lot.inspection_status_id, self.on_hold)
            self.assertFalse(lot.parent_lot_id)
            self.assertFalse(lot.merged_lot_id)

    def test_holds_through_the_lot(self):
        commands = ([[5, 0, 0]], [[3, self.hold.id, 0]], [[2, self.hold.id, 0]])
        commands += ([[1, self.hold.id, {"state": "released"}]],)
        for client in self._clients(self.clerk):
            for command in commands:
                with self.subTest(command):
                    self.assertRefused(
                        client,
                        "stock.lot",
                        "write",
                        self.lot.ids,
                        vals={"qms_hold_ids": command},
                    )

    def test_masters_are_the_managers(self):
        status, rule = (
            self.on_hold,
            self.env["qms.status.rule"].create(
                {"product_id": self.product.id, "status_id": self.on_hold.id}
            ),
        )
        for client in self._clients(self.clerk, self.inspector):
            for record, vals in (
                (status, {"policy_delivery": "allow"}),
                (rule, {"status_id": self.available.id}),
            ):
                self.assertRefused(client, record._name, "write", record.ids, vals=vals)
                self.assertRefused(client, record._name, "unlink", record.ids)
                self.assertRefused(client, record._name, "copy", record.ids)

    def test_clerk_does_not_release(self):
        for client in self._clients(self.clerk, self.inspector):
            self.assertRefused(client, "qms.hold", "action_release", self.hold.ids)

    # -- Nonsense ----------------------------------------------------------------------
    def _get_public_methods(self):
        """Return each public method that the addon adds, with its model."""
        found = []
        for model in self.env.registry.values():
            for parent in model.__mro__:
                if "odoo.addons.qms_" not in parent.__module__:
                    continue
                found += [
                    (model._name, name)
                    for name, value in vars(parent).items()
                    if callable(value) and not name.startswith("_")
                ]
        overridden = {"create", "write", "unlink", "copy_data", "copy"}
        return sorted({one for one in found if one[1] not in overridden})

    def test_nonsense_is_answered_in_words(self):
        client = JsonClient(self, self.env.ref("base.user_admin"))
        self.env.ref("base.user_admin").group_ids |= self.env.ref(MANAGER)
        for model, method in self._get_public_methods():
            if self.env[model]._abstract:
                continue
            for ids in (None, [], [987654321]):
                with self.subTest(f"{model}.{method}", ids=ids):
                    self._expect_words(client, model, method, ids)

    def _expect_words(self, client, *args, **named):
        """Call; an answer and a refusal are well, a traceback is not.

        Odoo itself answers so where a method for one record gets none.
        """
        try:
            client(*args, **named)
        except Refused as refusal:
            self.assertNotIn("Traceback", str(refusal))
        except Broken as broken:
            self.assertIn("Expected singleton", str(broken))
