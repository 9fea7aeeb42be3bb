from odoo.tests import tagged

from .common_disposition import DispositionCase


@tagged("post_install", "-at_install")
class TestNonconformanceQuantity(DispositionCase):
    """Quantities of different units are never added up."""

    def test_held_and_undecided_by_unit(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        powder = self._make_product("Powder", tracking="none", uom_id=kilogram.id)
        case = self._lot_case()
        self._stock_up(2.5, None, self.shelf, powder)
        self.env["qms.hold"]._place(
            [
                {
                    **case._prepare_hold_values(self.on_hold),
                    "product_id": powder.id,
                    "location_id": self.shelf.id,
                }
            ]
        )
        self._add(case, "scrap", 60)
        self._add(
            case, "scrap", 2.5, False, self.shelf, lot_id=False, product_id=powder.id
        )
        case.invalidate_recordset(["held_text", "undisposed_text"])
        self.assertEqual(case.held_text, "100.00 Units and 2.50 kg")
        self.assertEqual(case.undisposed_text, "40.00 Units")
        self._add(case, "scrap", 40)
        self.assertFalse(case.undisposed_text)

    def test_lists_sum_nothing_up(self):
        for model in ("qms.nonconformance", "qms.disposition"):
            field = self.env[model].fields_get(["quantity"], ["aggregator"])
            self.assertFalse(field["quantity"].get("aggregator"))

    def test_figures_of_dispositions_are_by_unit(self):
        case = self._lot_case()
        self._add(case, "scrap", 10)
        self._carry_out(case)
        groups = self.env["qms.disposition"].formatted_read_group(
            [("nonconformance_id", "=", case.id)],
            ["uom_id", "product_id"],
            ["done_quantity:sum"],
        )
        self.assertEqual(
            [
                (one["uom_id"][0], one["product_id"][0], one["done_quantity:sum"])
                for one in groups
            ],
            [(self.product.uom_id.id, self.product.id, 10)],
        )
