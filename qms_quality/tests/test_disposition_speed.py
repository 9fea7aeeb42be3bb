from odoo.tests import tagged

from .common_disposition import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionSpeed(DispositionCase):
    """Queries don't grow with the number of goods."""

    def _make(self, name, count):
        lots = self.env["stock.lot"].create(
            [
                {"name": f"{name}-{number}", "product_id": self.product.id}
                for number in range(count)
            ]
        )
        for lot in lots:
            self._stock_up(10, lot)
        case = self._make_case(lots)
        self._bring_to_disposition(case)
        return case

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_listing(self):
        cases = [self._make(name, count) for name, count in (("A", 2), ("B", 30))]
        few, many = (
            self._count(case.with_user(self.inspector).action_list_goods)
            for case in cases
        )
        self.assertLessEqual(many - few, 2, (few, many))

    def test_looking_for_problems(self):
        cases = [self._make(name, count) for name, count in (("A", 2), ("B", 30))]
        for case in cases:
            case.with_user(self.inspector).action_list_goods()
            case.disposition_ids.with_user(self.inspector).write(
                {"kind": "use_as_is", "reason": "Harmless"}
            )
        few, many = (
            self._count(
                lambda case=case: case.disposition_ids.with_user(self.inspector).mapped(
                    "problem"
                )
            )
            for case in cases
        )
        self.assertLessEqual(many - few, 2, (few, many))

    def test_quantities_of_a_list_of_cases(self):
        cases = self.Case.browse(
            [self._make(f"C{number}", 1).id for number in range(12)]
        )
        few = self._count(lambda: cases[:2].mapped("undisposed_quantity"))
        many = self._count(lambda: cases.mapped("undisposed_quantity"))
        self.assertLessEqual(many - few, 2, (few, many))
