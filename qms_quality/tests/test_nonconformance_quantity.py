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
        self.assertEqual(case.held_text, "100 Units and 2.5 kg")
        self.assertEqual(case.undisposed_text, "40 Units")
        self._add(case, "scrap", 40)
        self.assertFalse(case.undisposed_text)

    def test_lists_sum_nothing_up(self):
        for model in ("qms.nonconformance", "qms.disposition"):
            field = self.env[model].fields_get(["quantity"], ["aggregator"])
            self.assertFalse(field["quantity"].get("aggregator"))

    def test_figures_of_dispositions_are_by_unit(self):
        """What has several units has no sum, in the grand total of a pivot, too."""
        kilogram = self.env.ref("uom.product_uom_kgm")
        powder = self._make_product("Powder", tracking="none", uom_id=kilogram.id)
        self._stock_up(2.5, None, self.shelf, powder)
        case = self._place_case(powder, location=self.shelf)
        self._add(case, "scrap", 2, location=self.shelf, product_id=powder.id)
        other = self._lot_case()
        self._add(other, "scrap", 10)
        for one in (case, other):
            self._carry_out(one)
        unit = self.product.uom_id
        self.assertEqual(
            self._read_figures(case | other, ["uom_id"]),
            {unit.id: 10, kilogram.id: 2},
        )
        self.assertEqual(self._read_figures(case | other, ["kind"]), {"scrap": False})
        self.assertEqual(self._read_figures(case | other, []), {None: False})
        self.assertEqual(self._read_figures(other, []), {None: 10})

    def _read_figures(self, cases, groupby):
        """Return what was carried out by group, as an inspector's pivot asks for it."""
        groups = self.Row.with_user(self.inspector).formatted_read_group(
            [("nonconformance_id", "in", cases.ids)], groupby, ["done_quantity:sum"]
        )
        figures = {}
        for one in groups:
            key = one[groupby[0]] if groupby else None
            key = key[0] if isinstance(key, tuple) else key
            figures[key] = one["done_quantity:sum"]
        return figures
