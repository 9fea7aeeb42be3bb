"""States of what is inspected, over both protocols: nobody brings them about by hand.

Not the quality manager either, who has every right of Quality: there are buttons.
"""

import itertools
from contextlib import suppress

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.qms_quality.tests.common_sampling import SamplingCase
from odoo.addons.qms_quality.tests.rpc_case import JsonClient, Refused, XmlClient

CONTEXT = {"qms_sentinel": True, "install_mode": True, "import_file": True}
KEPT = (
    "qms.sampling.severity",
    "qms.sampling.skip",
    "qms.sampling.counter",
    "qms.quality.order.unit",
    "qms.quality.order.defect",
    "qms.quality.order.result",
)


@tagged("standard", "post_install", "-at_install")
class TestRpcHostileInspection(SamplingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.inspector | cls.manager
        cls.passwords = {user: f"{user.login}-password" for user in users}
        for user, password in cls.passwords.items():
            user.password = password
        cls.plan = cls._make_plan("z14", skip_lot=2)
        cls._sample_by(cls.plan)
        cls.ladder = cls.env["qms.sampling.ladder"].create(
            {
                "name": "Ladder",
                "level_ids": [(0, 0, {"name": "One", "sampling_plan_id": cls.plan.id})],
            }
        )
        # the plan inspects one of two lots
        cls.draft = cls._orders(cls._receive(["A1", "A2"], quantity=100))
        cls.cancelled, cls.validated = cls._make_order("B"), cls._make_order("C")
        cls.cancelled.with_user(cls.manager).action_cancel()
        cls.validated.result_ids.with_user(cls.inspector).value = 3
        cls.validated.with_user(cls.inspector).action_validate()

    @classmethod
    def _make_order(cls, name):
        lot = cls._make_lot(name)
        cls._stock_up(5, lot)
        orders = cls.env["qms.quality.order"].with_user(cls.inspector)
        order = orders.create(
            {
                "product_id": cls.product.id,
                "lot_ids": lot.ids,
                "test_group_ids": cls.weights.ids,
            }
        )
        return order.with_user(cls.env.user)

    def _clients(self):
        # what the manager may not, the inspector may not: once is enough for her
        return [
            XmlClient(self, self.manager),
            JsonClient(self, self.manager),
            JsonClient(self, self.inspector),
        ]

    def _get_writes(self):
        """Return what nobody writes: records, and a value for a field."""
        states = ("draft", "open", "validated", "cancelled")
        orders = (self.draft, self.validated, self.cancelled)
        yield from (
            (order, {"state": state})
            for order, state in itertools.product(orders, states)
            if order.state != state
        )
        person, draft = self.manager.id, self.draft
        for name, value in (
            ("verdict", "passed"),
            ("validated_by_id", person),
            ("date_validated", "2020-01-01 00:00:00"),
            ("event", "manual"),
            ("association_id", False),
            ("draw_seed", "0"),
            ("is_judged", True),
            ("former_id", draft.id),
            ("again_number", 7),
            ("date_planned", "2099-01-01 00:00:00"),
            ("date_again", "2099-01-01 00:00:00"),
            ("date_late", "2099-01-01 00:00:00"),
        ):
            yield draft, {name: value}
        result = self.validated.result_ids
        yield from ((result, {"value": 5}), (result, {"recorded_by_id": person}))
        yield result, {"order_id": draft.id}
        yield self.validated.test_ids, {"verdict": "passed"}
        yield from self._get_kept_writes()

    def _get_kept_writes(self):
        group = self.weights
        yield from ((group, {"state": "draft"}), (group, {"version": 9}))
        yield from ((group, {"root_id": self.group.id}), (group, {"name": "x"}))
        yield group.line_ids, {"upper_limit": 99}
        yield self.ladder, {"is_approved": True}
        severity = self.draft.defect_ids.severity_id[:1]
        yield severity, {"severity": "reduced"}
        yield severity, {"is_discontinued": True}
        for model, vals in (
            ("qms.sampling.skip", {"is_inspected": False}),
            ("qms.sampling.counter", {"seed": "0"}),
        ):
            yield self.env[model].search([], limit=1), vals
        yield self.draft.unit_ids[:1], {"number": 99}
        yield self.draft.defect_ids[:1], {"accept1": 99}
        yield self.draft.defect_ids[:1], {"verdict": "passed"}

    @mute_logger("odoo.http")
    def test_written(self):
        writes = list(self._get_writes())
        for client in self._clients():
            for record, vals in writes:
                self.assertEqual(len(record), 1, record)
                before = record.read(list(vals))
                with self.subTest(record._name, vals=vals, client=type(client)):
                    with self.assertRaises(Refused):
                        client(record._name, "write", record.ids, CONTEXT, vals=vals)
                    record.invalidate_recordset()
                    self.assertEqual(record.read(list(vals)), before)

    def _get_births(self):
        """Return what could be born in a state: model, values, and the states."""
        order = {"product_id": self.product.id}
        return (
            ("qms.quality.order", order, {"state": "validated"}),
            ("qms.quality.order", order, {"verdict": "passed"}),
            ("qms.test.group", {"name": "Forged"}, {"state": "active"}),
            (
                "qms.sampling.ladder",
                {
                    "name": "Forged",
                    "level_ids": [
                        [0, 0, {"name": "One", "sampling_plan_id": self.plan.id}]
                    ],
                },
                {"is_approved": True},
            ),
        )

    @mute_logger("odoo.http")
    def test_created(self):
        for client in self._clients():
            for model, vals, state in self._get_births():
                with self.subTest(model, state=state), self.assertRaises(Refused):
                    client(
                        model, "create", None, CONTEXT, vals_list=[{**vals, **state}]
                    )
            for model in KEPT:
                count = self.env[model].search_count([])
                with self.subTest(model), self.assertRaises(Refused):
                    client(model, "create", None, CONTEXT, vals_list=[{}])
                self.assertEqual(self.env[model].search_count([]), count)

    @mute_logger("odoo.http")
    def test_by_a_default(self):
        client = JsonClient(self, self.manager)
        for model, vals, state in self._get_births():
            context = {f"default_{name}": value for name, value in state.items()}
            (born,) = client(model, "create", None, context, vals_list=[vals])
            born = self.env[model].browse(born)
            with self.subTest(model, state=state):
                for name, value in state.items():
                    self.assertNotEqual(born[name], value)

    def _get_cells(self, vals, prefix=""):
        """Return values as a row to import: texts by column."""
        cells = {}
        for name, value in vals.items():
            if isinstance(value, list):
                cells |= self._get_cells(value[0][2], f"{prefix}{name}/")
            else:
                column = f"{name}/.id" if name.endswith("_id") else name
                cells[prefix + column] = str(value)
        return cells

    @mute_logger("odoo.http")
    def test_imported(self):
        for client in self._clients():
            for model, vals, state in self._get_births():
                cells = self._get_cells({**vals, **state})
                count = self.env[model].search_count([])
                with self.subTest(model, state=state):
                    with suppress(Refused):
                        answer = client(
                            model,
                            "load",
                            context=CONTEXT,
                            fields=list(cells),
                            data=[list(cells.values())],
                        )
                        self.assertFalse(answer["ids"])
                        self.assertTrue(answer["messages"])
                    self.assertEqual(self.env[model].search_count([]), count)

    @mute_logger("odoo.http")
    def test_copied(self):
        copies = (
            (self.validated, {"state": "validated"}, "draft"),
            (self.validated, {"verdict": "passed"}, False),
            (self.weights, {"state": "active"}, "draft"),
            (self.ladder, {"is_approved": True}, False),
        )
        for client in self._clients():
            for record, state, _start in copies:
                with self.subTest(record._name, state=state, client=type(client)):
                    with self.assertRaises(Refused):
                        client(record._name, "copy", record.ids, CONTEXT, default=state)
        for record, state, start in copies:
            (name,) = state
            client = JsonClient(self, self.manager)
            (copied,) = client(record._name, "copy", record.ids, CONTEXT)
            self.assertEqual(record.browse(copied)[name], start)
