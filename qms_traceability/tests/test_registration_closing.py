from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationClosing(TrackedCase):
    """What is registered drives consumption and genealogy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order()

    def _uses(self, order):
        """Return ``{(component lot, finished lot): quantity}`` of the genealogy."""
        found = {}
        for link in self.env["qms.lot.link"].search([("production_id", "=", order.id)]):
            key = (link.from_lot_id.name, link.to_lot_id.name)
            found[key] = found.get(key, 0) + link.quantity
        return {key: quantity for key, quantity in found.items() if quantity}

    def _build_all(self, order):
        for n in range(3):
            self._build(order, f"P-{n}", self.motors[n], self.oils[n])

    def test_three_serials_of_one_order(self):
        """Each gets exactly its own components."""
        self._build_all(self.order)
        self.order.button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertEqual(
            self._consumed(self.order),
            {
                **{f"MOT-{n}": 1 for n in range(3)},
                **{f"OIL-{n}": 2 for n in range(3)},
            },
        )
        self.assertEqual(
            self._uses(self.order),
            {
                **{(f"MOT-{n}", f"P-{n}"): 1 for n in range(3)},
                **{(f"OIL-{n}", f"P-{n}"): 2 for n in range(3)},
            },
        )
        for n in range(3):
            self.assertEqual(self._quantity(self.stock, self.oils[n]), 98)
            self.assertEqual(self._quantity(self.stock, self.motors[n]), 0)
        rows = self.order.qms_tracked_product_ids
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(set(rows.component_ids.mapped("state")), {"done"})

    def test_reporting_rows_splits_the_order(self):
        rows = [
            self._build(self.order, f"P-{n}", self.motors[n], self.oils[n])
            for n in range(3)
        ]
        group = self.order.production_group_id
        self.order.qms_report_finished(rows[:1])
        done = group.production_ids.filtered(lambda one: one.state == "done")
        left = (group.production_ids - done).with_user(self.worker)
        self.assertEqual(done.lot_producing_ids.name, "P-0")
        self.assertEqual((done.qty_produced, left.product_qty), (1, 2))
        self.assertEqual(self._uses(done), {("MOT-0", "P-0"): 1, ("OIL-0", "P-0"): 2})
        shown = left.qms_get_tracked()["products"]
        self.assertEqual(
            [(row["lot"], row["state"], row["status"]) for row in shown],
            [
                ("P-0", "done", "completed"),
                ("P-1", "open", "completed"),
                ("P-2", "open", "completed"),
            ],
        )
        left.qms_report_finished(rows[1:])
        self.assertEqual(set(group.production_ids.mapped("state")), {"done"})
        self.assertEqual(
            self._uses(left),
            {
                **{(f"MOT-{n}", f"P-{n}"): 1 for n in (1, 2)},
                **{(f"OIL-{n}", f"P-{n}"): 2 for n in (1, 2)},
            },
        )

    def test_error_quantity(self):
        first = self._build(self.order, "P-0", self.motors[0], self.oils[0])
        second = self._build(self.order, "P-1", self.motors[1], self.oils[1])
        self.order.qms_set_quantities(first, 0, 1)
        self.order.qms_set_quantities(second, 0, 1, "nonconformance")
        self.order.qms_report_finished([first, second])
        scrap = self.env["stock.scrap"].search([("production_id", "=", self.order.id)])
        self.assertEqual(
            (scrap.lot_id.name, scrap.scrap_qty, scrap.state), ("P-0", 1, "done")
        )
        case = self.env["qms.nonconformance"].search(
            [("production_id", "=", self.order.id)]
        )
        self.assertEqual(len(case), 1)
        self.assertEqual(case.subject, "Error quantity of P-1")
        made = scrap.lot_id | self.env["stock.lot"].search([("name", "=", "P-1")])
        self.assertEqual(
            [self._quantity(self.stock, lot) for lot in made.sorted("name")], [0, 1]
        )
        with self.assertRaisesRegex(UserError, "is one: either good or not"):
            row = self._accept(
                self.order.production_group_id.production_ids[-1], "P-3"
            )["product"]["id"]
            self.order.qms_set_quantities(row, 1, 1)

    def test_batches(self):
        sauce = self._make_product("Sauce")
        bom = self._make_bom(sauce, {self.oil: 0.5})
        order = self._order(100, bom)
        asked = self._scan(order, "S-1")
        self.assertEqual(asked["outcome"], "quantity")
        self.assertEqual(asked["question"]["quantity"], 100)
        one = self._accept(order, "S-1", quantity=40)["product"]["id"]
        two = self._accept(order, "S-2", quantity=60)["product"]["id"]
        self._accept(order, "OIL-0", one, quantity=20)
        self._accept(order, "OIL-0", two, quantity=10)
        self._accept(order, "OIL-1", two, quantity=20)
        with self.assertRaisesRegex(UserError, "has several lots registered: S-1, S-2"):
            order.button_mark_done()
        order.qms_set_quantities(one, 35, 5)
        order.qms_report_finished([one])
        order.qms_report_finished([two])
        orders = order.production_group_id.production_ids.sorted("id")
        self.assertEqual(orders.mapped("state"), ["done", "done"])
        self.assertEqual(
            [self._uses(part) for part in orders],
            [
                {("OIL-0", "S-1"): 20},
                {("OIL-0", "S-2"): 10, ("OIL-1", "S-2"): 20},
            ],
        )
        lots = self.env["stock.lot"].search([("product_id", "=", sauce.id)])
        self.assertEqual(
            [self._quantity(self.stock, lot) for lot in lots.sorted("name")], [35, 60]
        )
        self.assertEqual(self._quantity(self.stock, self.oils[0]), 70)

    def test_missing_registrations_block_closing(self):
        self.company.qms_tracked_required = True
        row = self._accept(self.order, "P-0")["product"]["id"]
        self._accept(self.order, "MOT-0", row)
        with self.assertRaises(UserError) as caught:
            self.order.qms_report_finished([row])
        unit = self.oil.uom_id.name
        self.assertEqual(
            str(caught.exception),
            f"{self.order.name}-001 can't be closed before all components are"
            f" registered. Missing:\nP-0: 2 {unit} of Oil\n"
            "Register them with Track Components.",
        )
        self.order.lot_producing_ids = self._make_lot("P-9", self.pump)
        self.order.qty_producing = 1
        with self.assertRaisesRegex(UserError, "P-9: not registered"):
            self.order.with_context(
                skip_consumption=True, skip_backorder=True
            ).button_mark_done()

    def test_backorder_takes_what_is_not_made(self):
        self._build_all(self.order)
        self.order.lot_producing_ids = self.env["stock.lot"].search(
            [("name", "=", "P-1"), ("product_id", "=", self.pump.id)]
        )
        self.order.qty_producing = 1
        action = self.order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.backorder")
        env = self.env(user=self.worker)
        Form.from_action(env, action).save().action_backorder()
        self.assertEqual(self._consumed(self.order), {"MOT-1": 1, "OIL-1": 2})
        backorder = self.order.production_group_id.production_ids - self.order
        self.assertEqual(
            backorder.qms_tracked_product_ids.lot_id.mapped("name"), ["P-0", "P-2"]
        )

    def test_without_backorder_nothing_is_forgotten(self):
        self._build_all(self.order)
        self.order.lot_producing_ids = self.order.qms_tracked_product_ids[0].lot_id
        self.order.qty_producing = 1
        with self.assertRaisesRegex(UserError, "P-1, P-2 is registered on"):
            self.order.with_context(skip_backorder=True).button_mark_done()

    def test_pick(self):
        row = self._build(self.order, "P-0", self.motors[5], self.oils[1])
        ones = self.order.qms_tracked_product_ids.browse(row).component_ids
        self.order.qms_pick_components(ones.ids)
        picked = self.order.move_raw_ids.move_line_ids.filtered("picked")
        self.assertEqual(
            {line.lot_id.name: line.quantity for line in picked},
            {"MOT-5": 1, "OIL-1": 2},
        )
        # the rest stays reserved
        motors = self._move(self.order, self.motor)
        self.assertEqual(motors.quantity, 3)
        self.order.qms_report_finished([row])
        self.assertEqual(self._consumed(self.order), {"MOT-5": 1, "OIL-1": 2})

    def test_cancelled_order_frees_its_numbers(self):
        self._build(self.order, "P-0", self.motors[0], self.oils[0])
        self.order.action_cancel()
        other = self._order()
        self._build(other, "P-0", self.motors[0], self.oils[0])

    def test_removing(self):
        row = self._build(self.order, "P-0", self.motors[0], self.oils[0])
        ones = self.order.qms_tracked_product_ids.component_ids
        self.order.qms_remove_components(ones[:1].ids)
        with self.assertRaisesRegex(UserError, "Somebody else has removed a row"):
            self.order.qms_remove_components(ones[:1].ids)
        self._accept(self.order, "MOT-0", row)
        self.order.qms_remove_products([row])
        self.assertEqual(self.order.qms_get_tracked()["products"], [])
        # they stay to be read
        self.assertEqual(len(self.order.qms_tracked_product_ids.component_ids), 3)

    def test_by_hand(self):
        made = self.order.qms_create_product("P-0")
        parts = self.order.qms_create_component(
            made["id"], self._move(self.order, self.oil).id, "OIL-0"
        )
        self.assertEqual(parts[1]["consumption"], 2)
        with self.assertRaisesRegex(UserError, "NOPE is unknown"):
            self.order.qms_create_component(made["id"], False, "NOPE")
        self.assertTrue(self.order.qms_create_product("")["lot"])

    def test_what_is_not_registered(self):
        """Of one pump nothing is registered: it takes what no other pump has got."""
        self._build(self.order, "P-0", self.motors[1], self.oils[0])
        row = self._accept(self.order, "P-1")["product"]["id"]
        other = self._order(1)
        self._build(other, "P-8", self.motors[0], self.oils[1])
        self.order.qms_report_finished([row])
        motors = {name for name in self._consumed(self.order) if name[:3] == "MOT"}
        self.assertFalse(motors & {"MOT-0", "MOT-1"}, motors)

    def test_part_of_what_is_made_is_registered(self):
        """Two of three are made, one of them registered: it is no odd consumption."""
        self._build(self.order, "P-0", self.motors[1], self.oils[0])
        made = self.order.qms_tracked_product_ids.lot_id
        self.order.lot_producing_ids = made | self._make_lot("P-9", self.pump)
        self.order.qty_producing = 2
        action = self.order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.backorder")
        env = self.env(user=self.worker)
        Form.from_action(env, action).save().action_backorder()
        consumed = self._consumed(self.order)
        motors = [name for name in consumed if name.startswith("MOT")]
        self.assertIn("MOT-1", motors)
        self.assertEqual((len(motors), sum(consumed.values())), (2, 6))

    def test_removed_after_picking(self):
        row = self._build(self.order, "P-0", self.motors[5], self.oils[1])
        ones = self.order.qms_tracked_product_ids.browse(row).component_ids
        self.order.qms_pick_components(ones.ids)
        self.order.qms_undo_scan("undo-picked")
        picked = self.order.move_raw_ids.move_line_ids.filtered("picked")
        self.assertEqual(picked.lot_id.mapped("name"), ["MOT-5"])
        self.order.qms_remove_products([row])
        self.assertFalse(self.order.move_raw_ids.move_line_ids.filtered("picked"))

    def test_component_that_the_order_lost(self):
        row = self._build(self.order, "P-0", self.motors[0], self.oils[0])
        self._move(self.order, self.oil)._action_cancel()
        with self.assertRaises(UserError) as caught:
            self.order.qms_report_finished([row])
        self.assertIn("OIL-0 is registered on", str(caught.exception))
        self.assertIn("doesn't take Oil any more", str(caught.exception))

    def test_item_tracing_report(self):
        """A manager sees on paper into which pump a motor went, and in which not."""
        self._build_all(self.order)
        self.order.button_mark_done()
        reports = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = reports._render_qweb_html(
            "qms_traceability.report_item_tracing", self.motors[1].ids
        )
        text = html.decode()
        for part in ("What They Went into", "MOT-1", "P-1"):
            self.assertIn(part, text)
        for part in ("P-0", "P-2"):
            self.assertNotIn(part, text)

    def test_splitting_leaves_reserved_goods_alone(self):
        """Reserved serial numbers follow their part, and aren't reserved anew."""
        lines = type(self.env["stock.move.line"])
        reserve, lots = lines._synchronize_quant, []

        def spy(line, *args, **named):
            lots.append(line.lot_id)
            return reserve(line, *args, **named)

        with patch.object(lines, "_synchronize_quant", spy):
            self.order._qms_split_off(1)
            self.env.flush_all()
        self.assertFalse({*self.motors} & {*lots})
        parts = self.order.production_group_id.production_ids.sorted("id")
        motors = [self._move(part, self.motor) for part in parts]
        self.assertEqual([move.quantity for move in motors], [1, 2])
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.motor.id), ("location_id", "=", self.stock.id)]
        )
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 3)
