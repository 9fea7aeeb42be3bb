from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted


class QmsQualityOrderDefect(models.Model):
    """Counts that come from the readings of tests."""

    _inherit = "qms.quality.order.defect"

    fed_by = fields.Char(
        string="Counted by",
        compute="_compute_fed_by",
        help="The tests whose readings are counted here.",
    )

    def _compute_fed_by(self):
        for defect in self:
            defect.fed_by = ", ".join(defect._get_feeding_tests().mapped("name"))

    def _get_feeding_tests(self):
        """Return the tests of the order that count defects of this class."""
        self.ensure_one()
        return self.order_id.test_ids.filtered(
            lambda test: (
                test.test_type == "attribute" and test.defect_class == self.defect_class
            )
        )

    def _get_fed_counts(self):
        """Return what the readings say so far: a count for each sample.

        Of a unit that was read, all defects count, or the unit once. A sample that was
        read as a whole has no units: several tests of a class are added up, which is
        at least the number of defective units.
        """
        results = self._get_feeding_tests().result_ids.filtered(
            lambda result: result._is_deciding()
        )
        second = results.filtered(lambda result: result.unit_id.stage == 2)
        first = self._count_in(results - second, self.size1)
        # read as a whole, the second sample is counted by hand
        last = self._count_in(second, self.size2) if second else self.found2
        if first is False:
            return []
        return [first] if last is False else [first, last]

    def _count_in(self, results, size):
        if not results or not all(results.mapped("is_recorded")):
            return False
        if self.count_as != "units":
            return sum(results.mapped("value"))
        by_unit = defaultdict(float)
        for result in results:
            by_unit[result.unit_id] += result.value
        whole = by_unit.pop(self.env["qms.quality.order.unit"], 0)
        defective = whole + sum(1 for count in by_unit.values() if count)
        return min(defective, size)

    def write(self, vals):
        if not is_trusted(self.env):
            self._check_unfed(vals)
        return super().write(vals)

    def _check_unfed(self, vals):
        """Refuse to count by hand what tests count.

        :raise UserError: names the class and the tests
        """
        for defect in self:
            names = vals.keys() & {"found1", *defect._get_fed_second()}
            if names and defect.fed_by:
                raise UserError(
                    self.env._(
                        "%(order)s, %(class_name)s: the defects are counted by the"
                        " readings of %(tests)s. Enter or correct them there.",
                        order=defect.order_id.name,
                        class_name=defect.display_name,
                        tests=defect.fed_by,
                    )
                )

    def _get_fed_second(self):
        """Return the field of the second count, where readings tell it."""
        units = self.order_id.unit_ids.filtered(lambda unit: unit.stage == 2)
        is_read = units and self.order_id.reading_scope == "unit"
        return {"found2"} if is_read else set()
