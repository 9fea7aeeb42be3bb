from itertools import product as every

from odoo import Command
from odoo.tests import tagged

from .common_plan import PlanCase
from .plan_model import combine, is_finished, judge_order, judge_spec, judge_test

STATUSES = ("not_tested", "passed", "on_hold", "failed")
KINDS = ("pass", "fail", "untested", "none")
CELLS = [cell for cell in every(KINDS, KINDS) if cell != ("none", "none")]
# readings that make a test pass, fail or stay untested, by its basis
READINGS = {
    "last": {
        "pass": (None, None, True),
        "fail": (None, False, True),
        "untested": (True, True, None),
    },
    "one": {
        "pass": (None, True, None),
        "fail": (True, None, False),
        "untested": (None, None, None),
    },
    "all": {
        "pass": (True, True, True),
        "fail": (False, None, None),
        "untested": (True, None, True),
    },
}


@tagged("post_install", "-at_install")
class TestQualityPlanTable(PlanCase):
    """Every cell of the table, by every basis of tests and of lots and every automatic
    step, against an evaluation that shares no code with the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = {
            (True, True): cls._judged_group("Both", 1, 1),
            (True, False): cls._judged_group("Required", 1, 0),
            (False, True): cls._judged_group("Others", 0, 1),
        }
        side = cls._make_test("Side", test_type="pass_fail")
        cls.side = {
            required: cls._make_group(f"Side {required}", _line(side, required))
            for required in (True, False)
        }

    def _make_plan(self, number, basis, order_basis, *automatic):
        """Return the options of a plan; each cell has each status, with every basis and
        with all that happens by itself."""
        spec_auto, order_auto, lot_auto = automatic
        plan = {
            "code": f"T{number}",
            "name": "Table",
            "product_id": self._make_product(f"Milk {number}").id,
            "basis": basis,
            "order_basis": order_basis,
            "spec_auto": spec_auto,
            "order_auto": order_auto,
            "lot_auto": lot_auto,
        }
        for place, (row, column) in enumerate(CELLS):
            plan[f"cell_{row}_{column}"] = STATUSES[(place + number + number // 8) % 4]
        return plan

    def _make_case(self, plan, row, column, number):
        """Return the readings of both specifications of an order."""
        readings = READINGS[plan["basis"]]
        return {
            "required": [readings[row]] if row != "none" else [],
            "others": [readings[column]] if column != "none" else [],
            "side_required": number % 2 == 0,
            "side": ((True,), (False,), (None,))[number % 3],
            "plan": plan,
        }

    def _prepare_order(self, case, lot):
        shape = bool(case["required"]), bool(case["others"])
        groups = self.groups[shape] | self.side[case["side_required"]]
        return {
            "product_id": lot.product_id.id,
            "lot_ids": [Command.set(lot.ids)],
            "quantity": 1,
            "test_group_ids": [Command.set(groups.ids)],
        }

    def _prepare_rows(self, case, order):
        by_test = {
            self.judged: case["required"],
            self.judged_2: case["others"],
        }
        for line in order.test_ids:
            [readings] = by_test.get(line.test_id, [case["side"]])
            for result, reading in zip(line.result_ids, readings, strict=True):
                if reading is not None:
                    value = "pass" if reading else "fail"
                    yield {"reading": result.id, "value": value}

    def _expect(self, case):
        """Return the statuses of both specifications, state and verdict."""
        plan = case["plan"]
        required, others = ([case["side"]], []) if case["side_required"] else ([], [])
        if not case["side_required"]:
            others = [case["side"]]
        main = judge_spec(plan, case["required"], case["others"])
        side = judge_spec(plan, required, others)
        outcome = judge_order(
            plan,
            [(main, bool(case["required"])), (side, case["side_required"])],
        )
        read = [one for part in case["required"] + case["others"] for one in part]
        is_read = any(one is not None for one in [*read, *case["side"]])
        state = "open" if is_read else "draft"
        certain = outcome == "passed" or (
            outcome == "failed"
            and is_finished(plan, case["required"], case["others"])
            and is_finished(plan, required, others)
        )
        if certain and plan["order_auto"] and is_read:
            return main, side, "validated", outcome, outcome
        return main, side, state, False, outcome

    def test_table(self):
        """15 cells x 3 bases x 3 lot bases x judged, validated and put away by itself
        or not."""
        options = every(
            ("last", "one", "all"),
            ("all", "one_required", "one"),
            *[(True, False)] * 3,
        )
        plans = [self._make_plan(number, *one) for number, one in enumerate(options)]
        self.env["qms.quality.plan"].create(plans)
        cases = [
            self._make_case(plan, row, column, number + place)
            for number, plan in enumerate(plans)
            for place, (row, column) in enumerate(CELLS)
        ]
        self.assertEqual(len(cases), 15 * 3 * 3 * 2**3)
        lots = self.env["stock.lot"].create(
            [
                {"name": f"T{number}", "product_id": case["plan"]["product_id"]}
                for number, case in enumerate(cases)
            ]
        )
        self._put_in_quarantine(lots)
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        made = orders.create(
            [
                self._prepare_order(case, lot)
                for case, lot in zip(cases, lots, strict=True)
            ]
        )
        rows = [
            row
            for case, order in zip(cases, made, strict=True)
            for row in self._prepare_rows(case, order)
        ]
        orders.record_readings(rows)
        seen, held, places = set(), self._get_held(made), self._get_places(lots)
        for case, order in zip(cases, made, strict=True):
            main, side, state, verdict, outcome = self._expect(case)
            specs = order.spec_ids.sorted(lambda one: one.name.startswith("Side"))
            found = (*specs.mapped("verdict"), order.state, order.verdict)
            self.assertEqual(found, (main, side, state, verdict), case)
            self.assertEqual(order._get_plan_outcome(), outcome, case)
            # nothing but a verdict releases
            self.assertEqual(order.id not in held, verdict == "passed", case)
            place = self._expect_place(case, verdict)
            self.assertEqual(places[order.lot_ids], place, case)
            seen.add((outcome, place))
        self.assertEqual(
            {outcome for outcome, _place in seen},
            {"passed", "failed", "on_hold", "not_tested"},
        )
        self.assertEqual(len({place for _outcome, place in seen}), 3)

    def _put_in_quarantine(self, lots):
        self.zone = self._make_location("Zone", qms_zone="quarantine")
        self.zone.location_id = self.warehouse.view_location_id
        self.env["stock.quant"].create(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "location_id": self.zone.id,
                    "quantity": 1,
                }
                for lot in lots
            ]
        )

    def _get_places(self, lots):
        """Return where each lot is: ``{lot: stock.location}``."""
        groups = self.env["stock.quant"]._read_group(
            [("lot_id", "in", lots.ids), ("location_id.usage", "=", "internal")],
            ["lot_id", "location_id"],
            having=[("quantity:sum", ">", 0)],
        )
        self.assertEqual(len(groups), len(lots))
        return dict(groups)

    def _expect_place(self, case, verdict):
        if not verdict or not case["plan"]["lot_auto"]:
            return self.zone
        if verdict == "passed":
            return self.stock
        return self.warehouse.qms_reject_location_id

    def _get_held(self, orders):
        holds = self.env["qms.hold"]._search_open(orders._name, orders.ids)
        return set(holds.mapped("res_id"))

    def test_readings_stand_for_what_they_are_meant_to(self):
        """The readings of the table lead to its cells."""
        for basis, readings in READINGS.items():
            for outcome, values in readings.items():
                self.assertEqual(judge_test(basis, values), outcome)
        self.assertEqual(combine(set()), "none")


def _line(test, required):
    return {"test_id": test.id, "required": required}
