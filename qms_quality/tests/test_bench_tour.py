from odoo.tests import HttpCase, tagged

from .common import INSPECTOR
from .common_day import DayCase
from .signing_case import VALIDATE
from .test_test_types import PNG


@tagged("post_install", "-at_install")
class TestBenchTour(DayCase, HttpCase):
    """The page at the bench, on a tablet, as an inspector."""

    browser_size = "1024x768"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspector.password = "qms_inspector"

    def _tour(self, name, order=None):
        path = f"/odoo/{order.id}/bench" if order else "/odoo/bench"
        self.start_tour(path, name, login="qms_inspector")

    def test_all_kinds_of_tests(self):
        order = self._order_of_all_kinds()
        self.start_tour(
            f"/odoo/quality-orders/{order.id}",
            "qms_bench_all_kinds",
            login="qms_inspector",
        )
        values = self._values(order)
        self.assertTrue(values.pop("Photo").startswith("Picture "))
        self.assertEqual(
            values,
            {
                "Weight": "4.10 kg",
                "Colour": "White",
                "Bumps": "0",
                "Remark": "Second tank",
                "Born": "2026-11-20",
                "Double": "8.200",
            },
        )
        weight = order.result_ids[0]
        self.assertEqual(weight.note, "Scale 2")
        photo = self.env["ir.attachment"].search(
            [("res_model", "=", weight._name), ("res_id", "=", weight.id)]
        )
        self.assertEqual((photo.name, photo.mimetype), ("seal.png", "image/png"))
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))
        self.assertEqual(order.validated_by_id, self.inspector)
        # whoever handles the goods sees them, too
        self.clerk.password = self.clerk.login
        for user in self.inspector | self.clerk:
            self.start_tour(
                f"/odoo/quality-orders/{order.id}", "qms_order_photos", login=user.login
            )

    def test_pasted_column(self):
        serial = self._make_product("Tank", tracking="serial")
        group = self._draft_group(
            "Tanks",
            {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6},
            {"test_id": self.taste.id},
            instructions="<p>Tare the scale</p>",
        ).with_user(self.manager)
        group.attachment_ids = [
            (0, 0, {"name": "ladle.png", "datas": PNG}),
            (0, 0, {"name": "sop-7.pdf", "raw": b"%PDF-1.4"}),
        ]
        group.action_activate()
        order = self.env["qms.quality.order"].create(
            {
                "product_id": serial.id,
                "lot_ids": [
                    (4, self._make_lot(f"S-{i}", serial).id) for i in range(1, 7)
                ],
                "test_group_ids": [(4, group.id)],
            }
        )
        self._tour("qms_bench_grid", order)
        self.assertEqual(
            self._values(order),
            {
                "Weight (S-1)": "4.10 kg",
                "Weight (S-2)": "4.20 kg",
                "Weight (S-3)": "4.30 kg",
                "Weight (S-4)": "4.40 kg",
                "Weight (S-5)": "7.00 kg",
                "Taste (S-1)": "Pass",
            },
        )

    def test_scan(self):
        for name in ("BENCH-1", "BENCH-2", "BENCH-3"):
            self._receive_order(lots=[name]).user_id = self.inspector
        lot = self.env["stock.lot"].search([("name", "=", "BENCH-3")])
        self.env["qms.quality.order"].create(
            {
                "product_id": lot.product_id.id,
                "lot_ids": [(4, lot.id)],
                "test_group_ids": [(4, self.group.id)],
            }
        )
        self._tour("qms_bench_scan")

    def test_lost_connection(self):
        order = self._order()
        self._tour("qms_bench_offline", order)
        self.assertEqual(
            self._values(order), {"Weight": "5.00 kg", "Fat content #1": "4.00"}
        )

    def test_correction_and_signature(self):
        self.env["qms.signature.rule"].search([]).active = False
        self.env["qms.signature.rule"].create(
            {
                "guarded": VALIDATE,
                "group_id": self.env.ref(INSPECTOR).id,
                "company_id": self.company.id,
                "meaning_ids": [(4, self.env.ref("qms_quality.meaning_reviewed").id)],
            }
        )
        order = self._order()
        self._fill(order)
        order.result_ids[0].write({"value": 5000, "uom_id": self.gram.id})
        self.env["qms.reason.rule"].create(
            {
                "model_id": self.env["ir.model"]._get_id("qms.quality.order.result"),
                "kind": "change",
                "field_ids": [
                    (
                        4,
                        self.env["ir.model.fields"]
                        ._get("qms.quality.order.result", "value")
                        .id,
                    )
                ],
            }
        )
        self._tour("qms_bench_sign", order)
        self.assertEqual(order.state, "validated")
        weight = order.result_ids[0]
        self.assertTrue(weight.is_corrected)
        reasons = self.env["qms.audit.entry"].search(
            [("res_model", "=", weight._name), ("res_id", "=", weight.id)]
        )
        self.assertIn("The scale was not levelled", reasons.mapped("reason"))
        self.assertEqual(self._values(order)["Weight"], "4,500.00 g")

    def test_defects(self):
        plan = self._make_plan(
            "z14", double_sampling=True, aql_major="2.5", aql_minor=False
        )
        self._sample_by(plan, group=self._make_group("Visual"))
        order = self._orders(self._receive(["A"], quantity=200))
        self._tour("qms_bench_defects", order)
        major = order.defect_ids.filtered("severity_id")
        self.assertEqual((major.found1, major.found2), (2, 1))
        self.assertEqual((order.state, order.verdict), ("validated", "passed"))
