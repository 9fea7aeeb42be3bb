from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted, trusted
from ..quality_order import INSPECTOR
from .plan_matrix import NONE, PASS, SPEC_STATUSES


class QmsQualityOrderSpec(models.Model):
    """The status of a specification, from the table of its order's quality plan or set
    by a person."""

    _inherit = "qms.quality.order.spec"

    verdict = fields.Selection(
        selection_add=[("not_tested", "Not tested"), ("on_hold", "On hold")]
    )
    decided_verdict = fields.Selection(
        SPEC_STATUSES,
        string="Status Set by a Person",
        readonly=True,
        copy=False,
        help="A reading that fails and a correction take Passed back.",
    )
    is_by_hand = fields.Boolean(compute="_compute_is_by_hand")

    @api.depends("order_id.plan_copy_id", "order_id.state")
    def _compute_is_by_hand(self):
        for spec in self:
            plan = spec.order_id.plan_copy_id
            spec.is_by_hand = (
                bool(plan)
                and not plan.spec_auto
                and spec.order_id.state in ("draft", "open")
            )

    # -- Judging -----------------------------------------------------------------------

    @api.depends("order_id.plan_copy_id", "decided_verdict")
    def _compute_verdict(self):
        return super()._compute_verdict()

    def _get_verdict(self):
        plan = self.order_id.plan_copy_id
        if not plan:
            return super()._get_verdict()
        if self.decided_verdict:
            return self.decided_verdict
        if not plan.spec_auto:
            return "not_tested"
        return plan._get_cell(*self._get_test_outcomes())

    def _get_test_outcomes(self):
        """Return what the required tests say together, and what the others say."""
        required = self.test_ids.filtered("required")
        return required._get_outcome(), (self.test_ids - required)._get_outcome()

    def _get_outcome_text(self):
        """Return what the tests said, for people, as the cell of the table has it."""
        self.ensure_one()
        required, other = self._get_test_outcomes()
        plans = self.env["qms.quality.plan.copy"]
        if required == other == NONE:
            return self.env._("no tests")
        field = plans._fields[f"cell_{required}_{other}"]
        return field._description_string(self.env)

    def _get_missing_results(self):
        """Return the readings that this specification waits for."""
        incomplete = self.test_ids.filtered(lambda test: not test.verdict)
        asked = incomplete.filtered("required") or incomplete
        return asked.result_ids.filtered(
            lambda result: not result.is_recorded and not result.is_automatic
        )

    def _is_finished(self):
        """Tell whether its required tests, or all where none is, are complete; or a
        person set the status."""
        self.ensure_one()
        tests = self.test_ids.filtered("required") or self.test_ids
        return bool(self.decided_verdict) or not any(
            test._is_incomplete() for test in tests
        )

    # -- Set by a person ---------------------------------------------------------------

    def action_pass(self):
        """Say that these specifications passed, as their readings let them.

        :raise UserError: if a deciding test failed, or isn't complete
        """
        self._set_by_hand("passed")

    def action_hold(self):
        """Put these specifications on hold: their orders can't pass."""
        self._set_by_hand("on_hold")

    def action_fail(self):
        """Say that these specifications failed."""
        self._set_by_hand("failed")

    def action_not_tested(self):
        """Take back the status that a person set."""
        self._set_by_hand("not_tested")

    def _set_by_hand(self, verdict):
        """Set the status, where the quality plan leaves that to people.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the order is done, or its plan judges by the table
        """
        self.order_id._check_group(INSPECTOR)
        self.order_id._check_editable()
        wrong = self.filtered(lambda spec: not spec.is_by_hand)
        if wrong:
            raise UserError(
                self.env._(
                    "The status of these specifications comes from their tests: %s.",
                    ", ".join(wrong.mapped("name")),
                )
            )
        if verdict == "passed":
            self._check_passable()
        self._decide(verdict)

    def _check_passable(self):
        """Refuse to pass what failed, or what nobody tested: that is an override."""
        wrong = self.filtered(lambda spec: not spec._is_passable())
        if wrong:
            raise UserError(
                self.env._(
                    "The readings of these specifications don't let them pass:%s\n"
                    "Finish the readings, or have a quality manager override the"
                    " status.",
                    "".join(
                        f"\n- {spec.name} ({spec._get_outcome_text()})"
                        for spec in wrong
                    ),
                )
            )

    def _is_passable(self):
        """Tell whether the required tests passed, or the others where none is."""
        required, other = self._get_test_outcomes()
        return PASS == (other if required == NONE else required)

    def _decide(self, verdict):
        """Set the status as a person decided, and do what follows from it.

        :param str verdict: of :data:`SPEC_STATUSES`, or ``False`` to go back to what
            the tests say
        """
        # sudo: nobody may write the copy; the right was checked
        trusted(self.sudo()).decided_verdict = verdict
        self.order_id._follow_plan()

    # -- Which tests may be added, and when --------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_named(vals_list)
        if not is_trusted(self.env):
            self._check_additions(vals_list)
        return super().create(vals_list)

    def _check_additions(self, vals_list):
        """Refuse test groups that the plan of an order doesn't let add.

        The first ones of an order are no change of it.
        """
        for vals in vals_list:
            order = self.env["qms.quality.order"].browse(vals.get("order_id") or ())
            if order.plan_copy_id and order.spec_ids:
                group = self.env["qms.test.group"].browse(vals.get("test_group_id"))
                order._check_changeable()
                order._check_addition(group)

    @api.ondelete(at_uninstall=False)
    def _unlink_changeable(self):
        if not is_trusted(self.env):
            self.order_id._check_changeable()
