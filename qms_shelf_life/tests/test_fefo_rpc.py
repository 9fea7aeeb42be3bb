from odoo.tests import tagged

from odoo.addons.qms_quality.tests.rpc_case import RpcCase

from .common_minimum import MinimumCase

# What core's screens and the gate put into the context, as anybody can.
CONTEXTS = (
    {"skip_expired": True, "skip_backorder": True},
    {"skip_expired": True, "qms_picked_by_system": True, "qms_steering": True},
    {"skip_expired": True, "qms_fefo_left_out": [[1, 2]], "qms_posting": True},
    {"skip_expired": True, "qms_sentinel": True, "qms_gate_domain": []},
)


@tagged("post_install", "-at_install")
class TestFefoRpc(MinimumCase, RpcCase):
    """A clerk with a program of his own ships nothing out of order."""

    state_queries = (
        "SELECT id, quantity FROM stock_quant",
        "SELECT id, state FROM stock_move",
        "SELECT id, lot_id, qms_fefo_reason FROM stock_move_line",
        "SELECT id, counter FROM qms_fefo_turn",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_passwords(cls.clerk)
        cls.out_type = cls.warehouse.out_type_id

    def setUp(self):
        super().setUp()
        self.short, _mid, self.long = self._make_lots()

    def _validate(self, delivery):
        """Press the button by both protocols, with whatever is sent along."""
        for call in self._clients():
            for context in CONTEXTS:
                forged = {**context, "button_validate_picking_ids": delivery.ids}
                yield (
                    call,
                    (
                        "stock.picking",
                        "button_validate",
                        delivery.ids,
                        forged,
                    ),
                )

    def _enter(self, delivery, lot):
        """Give a delivery a lot as no screen would."""
        forced = delivery.move_line_ids.with_context(qms_picked_by_system=True)
        forced.lot_id = lot
        delivery.move_ids.picked = True
        self.env.flush_all()

    def test_refused(self):
        self.out_type.qms_fefo = "refuse"
        delivery = self._sell_milk(4)
        line = delivery.move_line_ids
        for call in self._clients():
            for context in CONTEXTS:
                if "qms_picked_by_system" in context:
                    # only lets enter it: posting asks again
                    continue
                vals = {"lot_id": self.long.id, "qms_fefo_reason": "Mine"}
                self.assertRefused(
                    call, line._name, "write", line.ids, context, vals=vals
                )
        self._enter(delivery, self.long)
        line.qms_fefo_reason = "Mine"
        for call, args in self._validate(delivery):
            self.assertRefused(call, *args)

    def test_without_a_reason(self):
        """The button asks for it, whatever is sent along, and posts nothing."""
        self.out_type.qms_fefo = "reason"
        delivery = self._sell_milk(4)
        self._enter(delivery, self.long)
        before = self._get_state()
        for call, args in self._validate(delivery):
            action = call(*args)
            self.assertEqual(action["res_model"], "qms.fefo.reason")
            wizard = "qms.fefo.reason", "action_confirm", [action["res_id"]]
            self.assertRefused(call, *wizard)
            self.env.invalidate_all()
            self.assertEqual(self._get_state(), before)

    def test_back_to_an_earlier_lot_of_a_partner(self):
        self._card_of(self.fresh, {"kind": "fefo", "departure": "blocked"})
        first = self._sell_milk(1)
        self._take(first, self.long)
        first.move_ids.picked = True
        first.button_validate()
        delivery = self._sell_milk(4)
        self._enter(delivery, self.short)
        for call, args in self._validate(delivery):
            self.assertRefused(call, *args)

    def test_nobody_writes_whose_turn_it_is(self):
        turns = self.env["qms.fefo.turn"].sudo()
        turns._take(self.fresh, self.milk)
        turn = turns.search([("partner_id", "=", self.fresh.id)])
        vals = {"partner_id": self.hotel.id, "product_id": self.milk.id}
        for call in self._clients():
            self.assertRefused(call, turns._name, "create", vals_list=[vals])
            self.assertRefused(
                call, turns._name, "write", turn.ids, vals={"counter": 9}
            )
            self.assertRefused(call, turns._name, "unlink", turn.ids)
