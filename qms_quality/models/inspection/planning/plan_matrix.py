from odoo import api, fields, models

SPEC_STATUSES = [
    ("not_tested", "Not tested"),
    ("passed", "Passed"),
    ("on_hold", "On hold"),
    ("failed", "Failed"),
]
# What the tests of one kind say together.
PASS, FAIL, UNTESTED, NONE = OUTCOMES = ("pass", "fail", "untested", "none")


def _cell(label, default):
    return fields.Selection(
        SPEC_STATUSES,
        string=label,
        required=True,
        default=default,
        help="The status of a specification with these results.",
    )


class QmsQualityPlanOptions(models.AbstractModel):
    """The table that says what a specification's tests make of it: required tests by
    other tests. A specification without any test has no cell."""

    _inherit = "qms.quality.plan.options"

    cell_pass_pass = _cell("Required passed, others passed", "passed")
    cell_pass_fail = _cell("Required passed, others failed", "passed")
    cell_pass_untested = _cell("Required passed, others not complete", "passed")
    cell_pass_none = _cell("Required passed, no others", "passed")
    cell_fail_pass = _cell("Required failed, others passed", "failed")
    cell_fail_fail = _cell("Required failed, others failed", "failed")
    cell_fail_untested = _cell("Required failed, others not complete", "failed")
    cell_fail_none = _cell("Required failed, no others", "failed")
    cell_untested_pass = _cell("Required not complete, others passed", "not_tested")
    cell_untested_fail = _cell("Required not complete, others failed", "not_tested")
    cell_untested_untested = _cell("Required and others not complete", "not_tested")
    cell_untested_none = _cell("Required not complete, no others", "not_tested")
    cell_none_pass = _cell("No required, others passed", "passed")
    cell_none_fail = _cell("No required, others failed", "failed")
    cell_none_untested = _cell("No required, others not complete", "not_tested")

    @api.model
    def _get_cell_fields(self):
        """Return the names of the cells of the table."""
        return [name for name in self._get_option_fields() if name.startswith("cell_")]

    def _get_cell(self, required, other):
        """Return the status of a specification.

        :param str required: what its required tests say together, of ``OUTCOMES``
        :param str other: what its other tests say together
        """
        self.ensure_one()
        if required == other == NONE:
            return "not_tested"
        return self[f"cell_{required}_{other}"]
