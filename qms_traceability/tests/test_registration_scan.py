from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationScan(TrackedCase):
    """Scans of a worker who has no more than the rights of Manufacturing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order()

    def test_product_then_components(self):
        answer = self._accept(self.order, "P-1")
        self.assertEqual(answer["mode"], "component")
        self.assertEqual(answer["product"]["status"], "not_started")
        self.assertEqual(answer["message"], "P-1 is new, and registered.")
        row = answer["product"]["id"]
        answer = self._accept(self.order, "MOT-0", row)
        self.assertEqual(answer["message"], "MOT-0 of Motor goes into P-1.")
        self.assertEqual(answer["product"]["status"], "in_progress")
        shown = {part["product"]: part for part in answer["components"]}
        self.assertEqual(
            [
                (part["started"], part["consumption"], part["remaining"])
                for part in (shown["Motor"], shown["Oil"])
            ],
            [(1, 1, 0), (2, 0, 2)],
        )
        self.assertEqual(
            [shown["Motor"]["status"], shown["Oil"]["status"]],
            ["completed", "not_started"],
        )
        asked = self._scan(self.order, "OIL-0", row)
        self.assertEqual(asked["outcome"], "quantity")
        self.assertEqual(
            asked["question"],
            {"lot": "OIL-0", "quantity": 2, "unit": self.oil.uom_id.name},
        )
        answer = self._accept(self.order, "OIL-0", row, quantity=0.5)
        self.assertEqual(answer["components"][1]["status"], "in_progress")
        answer = self._accept(self.order, "OIL-1", row, quantity=1.5)
        self.assertEqual(answer["product"]["status"], "completed")
        # the number of each registration is the company's sequence
        names = self.env["qms.tracked.component"].search([]).mapped("name")
        self.assertTrue(all(name.startswith("TC/") for name in names), names)

    def test_known_product_is_chosen_again(self):
        row = self._accept(self.order, "P-1")["product"]["id"]
        answer = self._scan(self.order, "P-1")
        self.assertEqual((answer["outcome"], answer["mode"]), ("selected", "component"))
        self.assertEqual(answer["product"]["id"], row)

    def test_gs1_in_one_scan(self):
        row = self._accept(self.order, "\x1d010400638133393121P-7")["product"]
        self.assertEqual(row["lot"], "P-7")
        codes = (
            "]C1010401234567890121MOT-1",
            "https://id.gs1.org/01/04099999999996/10/OIL-0?30=1",
        )
        for code in codes:
            answer = self._accept(self.order, code, row["id"])
        self.assertEqual(answer["components"][1]["consumption"], 1)
        # a fixed element, a separator behind the lot, then the count
        self._accept(self.order, "010409999999999610OIL-1\x1d301", row["id"])
        other = self._accept(self.order, "(01)04006381333931(21)P-8")["product"]["id"]
        self._accept(self.order, "(01)04012345678901(21)MOT-2", other)

    def test_simple_number_of_two_components(self):
        twin = self._make_lot("MOT-0", self.oil)
        self._stock_up(5, twin)
        row = self._accept(self.order, "P-1")["product"]["id"]
        self.assertEqual(
            self._refuse(self.order, "MOT-0", row),
            "Several components have a number MOT-0: choose the component first.",
        )
        self._accept(
            self.order, "MOT-0", row, self._move(self.order, self.oil), quantity=1
        )

    # -- Refusals ----------------------------------------------------------------------

    def test_numbers_that_are_wrong(self):
        order = self.order
        self.assertEqual(
            self._refuse(order, "MOT-0", 0, mode="component"),
            "Scan the number of the finished product first.",
        )
        row = self._accept(order, "P-1")["product"]["id"]
        self.assertEqual(
            self._refuse(order, "NOPE", row), "NOPE is unknown: no lot has this number."
        )
        milk = self._make_lot("MILK-1")
        self.assertEqual(
            self._refuse(order, milk.name, row),
            "MILK-1 is a number of Milk, not of a component of the order.",
        )
        self.assertEqual(
            self._refuse(order, "OIL-0", row, self._move(order, self.motor)),
            "OIL-0 is a number of Oil, not of Motor.",
        )
        self.assertEqual(
            self._refuse(order, "010400638133393121P-7", row),
            f"This is Pump, which isn't what {order.name} asks for.",
        )
        self.assertEqual(
            self._refuse(order, "(01)04012345678901(21)MOT-1"),
            f"This is Motor, which isn't what {order.name} asks for.",
        )

    def test_not_in_stock_here(self):
        far = self._make_lot("MOT-FAR", self.motor)
        self._stock_up(1, far, location=self.supplier)
        row = self._accept(self.order, "P-1")["product"]["id"]
        self.assertEqual(
            self._refuse(self.order, "MOT-FAR", row),
            f"MOT-FAR isn't in stock in {self.stock.display_name}: 0"
            f" {self.motor.uom_id.name} are left.",
        )

    def test_held_goods(self):
        hold = self._hold(lot=self.motors[0], reason="Cracks")
        row = self._accept(self.order, "P-1")["product"]["id"]
        message = self._refuse(self.order, "MOT-0", row)
        self.assertTrue(message.startswith("MOT-0 can't be used: On hold"), message)
        self.assertIn("Cracks", message)
        self.assertIn(hold.name, message)

    def test_held_in_one_place_only(self):
        self._stock_up(1, self.oils[0], location=self.shelf)
        self._hold(lot=self.oils[0], location=self.shelf)
        row = self._accept(self.order, "P-1")["product"]["id"]
        self._accept(self.order, "OIL-0", row, quantity=2)

    def test_serial_used_already(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self._accept(self.order, "P-2")
        other = self._order()
        for order in (self.order, other):
            row = self._accept(order, f"P-3-{order.id}")["product"]["id"]
            self.assertEqual(
                self._refuse(order, "MOT-0", row),
                f"MOT-0 is already used, in P-1 of {self.order.name}.",
            )

    def test_more_than_remains(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0], 1.5)
        unit = self.oil.uom_id.name
        self.assertEqual(
            self._refuse(self.order, "OIL-1", row, quantity=1),
            f"Of Oil, P-1 takes only 0.5 {unit} more.",
        )
        self._accept(self.order, "OIL-1", row, quantity=0.5)
        self.assertEqual(
            self._refuse(self.order, "MOT-1", row),
            f"Of Motor, P-1 takes only 0 {unit} more.",
        )

    def test_finished_serial_made_elsewhere(self):
        other = self._order(1)
        self._build(other, "P-1", self.motors[0], self.oils[0])
        self.assertEqual(
            self._refuse(self.order, "P-1"),
            f"P-1 is registered on {other.name} already.",
        )
        other.button_mark_done()
        self.assertEqual(other.state, "done")
        self.assertEqual(
            self._refuse(self.order, "P-1"), f"P-1 was made already, by {other.name}."
        )

    def test_all_are_registered(self):
        for number in range(3):
            self._accept(self.order, f"P-{number}")
        self.assertEqual(
            self._refuse(self.order, "P-9"),
            f"All products of {self.order.name} are registered already.",
        )

    def test_new_numbers_by_sequence_only(self):
        self.company.qms_tracked_new_numbers = "sequence"
        self.assertEqual(
            self._refuse(self.order, "TYPO"),
            "TYPO is unknown, and no number of Pump's sequence.",
        )
        number = self.order.qms_get_next_number()
        self._accept(self.order, number)
        self._make_lot("KNOWN", self.pump)
        self._accept(self.order, "KNOWN")
        self.warehouse.manu_type_id.use_create_lots = False
        self.assertEqual(
            self._refuse(self.order, self.order.qms_get_next_number() + "1").split(
                " is "
            )[1],
            "unknown, and this operation makes no new ones.",
        )

    # -- Undo, resending ---------------------------------------------------------------

    def test_undo_of_the_last_scan(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        answer = self.order.qms_undo_scan("undo-1")
        self.assertEqual(answer["message"], "OIL-0 is taken out again.")
        self.assertEqual(answer["components"][1]["consumption"], 0)
        # sent again, it is undone once
        self.assertEqual(self.order.qms_undo_scan("undo-1")["outcome"], "undone")
        self.assertEqual(
            self.order.qms_undo_scan("undo-2")["message"], "MOT-0 is taken out again."
        )
        answer = self.order.qms_undo_scan("undo-3")
        self.assertEqual(answer["message"], "P-1 isn't registered any more.")
        self.assertEqual(answer["mode"], "product")
        answer = self.order.qms_undo_scan("undo-4")
        self.assertEqual(
            (answer["outcome"], answer["message"]),
            ("refused", "There is no scan of yours to undo."),
        )
        rows = self.env["qms.tracked.product"].browse(row)
        self.assertEqual(rows.state, "removed")

    def test_scan_that_is_sent_again(self):
        first = self._accept(self.order, "P-1", id="scan-1")
        again = self._accept(self.order, "P-1", id="scan-1")
        self.assertEqual(
            {**again, "version": 0}, {**first, "version": 0}, "the same answer"
        )
        row = first["product"]["id"]
        for _time in range(2):
            answer = self._accept(self.order, "OIL-0", row, quantity=0.5, id="scan-2")
        self.assertEqual(answer["components"][1]["consumption"], 0.5)
        for _time in range(2):
            answer = self._scan(self.order, "NOPE", row, id="scan-3")
            self.assertEqual(answer["outcome"], "refused")

    def test_substitutes(self):
        spare = self._make_product("Spare motor", tracking="serial")
        lot = self._make_lot("SP-1", spare)
        self._stock_up(1, lot)
        line = self.bom.bom_line_ids[0]
        line.qms_substitute_ids = spare
        row = self._accept(self.order, "P-1")["product"]["id"]
        self.assertIn(
            "is a number of Spare motor", self._refuse(self.order, "SP-1", row)
        )
        self.order.qms_allow_substitutes = True
        answer = self._accept(self.order, "SP-1", row)
        self.assertEqual(answer["components"][0]["status"], "completed")
        self.assertTrue(answer["components"][0]["registrations"][0]["is_substitute"])
        self._accept(self.order, "OIL-0", row, quantity=2)
        self.order.qms_report_finished([row])
        self.assertEqual(self._consumed(self.order), {"SP-1": 1, "OIL-0": 2})
        self.assertEqual(self._quantity(self.stock, lot), 0)

    # -- Rights ------------------------------------------------------------------------

    def test_rights(self):
        for user in (self.clerk, self.inspector):
            with self.assertRaises(AccessError):
                self._scan(self.order.with_user(user), "P-1")
        rows = self.env["qms.tracked.product"].with_user(self.worker)
        row = rows.browse(self._accept(self.order, "P-1")["product"]["id"])
        for call in (
            lambda: row.write({"state": "done"}),
            lambda: row.sudo().unlink(),
            lambda: row.sudo().copy(),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_malformed(self):
        for scan in (None, {}, {"id": "x", "code": "y"}, {"id": 1, "code": "y"}):
            with self.assertRaises(UserError):
                self.order.qms_scan(scan)
        for quantity in (-1, float("nan"), float("inf"), "2", True):
            with self.assertRaises(UserError):
                self._scan(self.order, "P-1", quantity=quantity)
