from odoo import api, models

from ...sentinel import is_trusted, trusted
from ..quality_order import MANAGER
from .plan_matrix import FAIL, NONE, PASS, UNTESTED


class QmsQualityOrderTest(models.Model):
    """When a test is complete, by its order's quality plan or by itself."""

    _inherit = "qms.quality.order.test"

    @api.depends("order_id.plan_copy_id", "own_basis", "basis")
    def _compute_verdict(self):
        planned = self.filtered("order_id.plan_copy_id")
        res = super(QmsQualityOrderTest, self - planned)._compute_verdict()
        for test in planned:
            test.verdict = test._get_planned_verdict()
        return res

    def _get_planned_verdict(self):
        """Return what the readings say: one that fails counts at once, the others as
        soon as enough of them are there."""
        results = self._get_deciding_results()
        if "failed" in results.mapped("verdict"):
            return "failed"
        return "passed" if results and self._is_complete(results) else False

    def _is_incomplete(self):
        """Tell whether readings are still to come before this test is complete."""
        self.ensure_one()
        return not self._is_complete(self._get_deciding_results())

    def _is_complete(self, results):
        """Tell whether enough readings of each of the goods are there."""
        own = self.own_basis and self.basis
        basis = own or self.order_id.plan_copy_id.basis
        return all(
            _has_enough(basis, sequence.sorted("number").mapped("is_recorded"))
            for sequence in results.grouped(lambda one: one._get_target_key()).values()
        )

    def _get_outcome(self):
        """Return what these tests say together, as the table of a plan has it.

        What fails is accepted where the test says so, and counts as passed.
        """
        if not self:
            return NONE
        verdicts = {
            "passed" if test.verdict and not test._counts() else test.verdict
            for test in self
        }
        if "failed" in verdicts:
            return FAIL
        return PASS if verdicts == {"passed"} else UNTESTED

    # -- What a person may change ------------------------------------------------------

    def write(self, vals):
        if is_trusted(self.env) or vals.keys() - self._get_free_fields():
            return super().write(vals)
        self.order_id._check_group(MANAGER)
        self.order_id._check_editable()
        self.order_id._check_changeable()
        # sudo: of the copy these fields alone are free, and were checked
        res = super(QmsQualityOrderTest, trusted(self.sudo())).write(vals)
        self.order_id._follow_plan()
        return res

    @api.model
    def _get_free_fields(self):
        """Return the fields of the copy that a quality manager may change."""
        return {"own_basis", "basis"}


def _has_enough(basis, recorded):
    """Tell whether a sequence of readings is complete.

    :param str basis: of :data:`BASES`
    :param list recorded: which of the readings are there, in their order
    """
    if basis == "last":
        return recorded[-1]
    return any(recorded) if basis == "one" else all(recorded)
