from odoo import models


class QmsQualityOrder(models.Model):
    """What the specifications say together, by the quality plan.

    An order without a plan is judged as if there were none.
    """

    _inherit = "qms.quality.order"

    def _get_verdict(self):
        if not self.plan_copy_id:
            return super()._get_verdict()
        return "passed" if self._get_plan_outcome() == "passed" else "failed"

    def _get_plan_outcome(self):
        """Return ``passed``, ``failed``, ``on_hold`` or ``not_tested``."""
        self.ensure_one()
        counted = {one.verdict or "not_tested" for one in self.defect_ids}
        if "failed" in counted:
            return "failed"
        specs = self._get_judged_specs()
        if specs or not counted:
            counted.add(self._judge_specs(specs))
        return next(
            one
            for one in ("failed", "on_hold", "not_tested", "passed")
            if one in counted
        )

    def _get_judged_specs(self):
        # what somebody decided counts, whether anything is read or not
        decided = self.spec_ids.filtered("decided_verdict")
        return super()._get_judged_specs() | decided

    def _judge_specs(self, specs):
        """Return what specifications say together.

        One that is on hold stops the lot, whatever the others say. As long as one is
        not tested, the lot may still pass.
        """
        verdicts = set(specs.mapped("verdict"))
        if "on_hold" in verdicts:
            return "on_hold"
        if self._satisfies_basis(specs):
            return "passed"
        is_certain = "failed" in verdicts and "not_tested" not in verdicts
        return "failed" if is_certain else "not_tested"

    def _satisfies_basis(self, specs):
        passed = specs.filtered(lambda spec: spec.verdict == "passed")
        basis = self.plan_copy_id.order_basis
        if basis == "all":
            # nothing at all proves nothing
            return bool(specs) and passed == specs
        if basis == "one_required":
            return any(passed.test_ids.mapped("required"))
        return bool(passed)

    def _get_verdict_so_far(self):
        if not self.plan_copy_id:
            return super()._get_verdict_so_far()
        outcome = self._get_plan_outcome()
        return outcome if outcome in ("passed", "failed") else False

    # -- What is missing ---------------------------------------------------------------

    def _get_validation_problems(self):
        if not self.plan_copy_id:
            return super()._get_validation_problems()
        problems = self._get_count_problems()
        if self._get_plan_outcome() in ("passed", "failed"):
            return problems
        specs = self._get_judged_specs()
        problems += [
            problem for spec in specs if (problem := self._get_spec_problem(spec))
        ]
        return problems or [self._get_basis_problem(specs)]

    def _get_spec_problem(self, spec):
        """Return why a specification keeps this order from being validated, if so."""
        values = {"spec": spec.name, "why": spec._get_outcome_text()}
        if spec.verdict == "on_hold":
            return self.env._("%(spec)s is on hold (%(why)s)", **values)
        if spec.verdict != "not_tested":
            return False
        if spec.is_by_hand:
            return self.env._("%(spec)s: set its status", **values)
        if missing := spec._get_missing_results():
            names = ", ".join(missing[:5].mapped("display_name"))
            return self.env._(
                "%(spec)s: no reading for %(names)s", names=names, **values
            )
        return self.env._("%(spec)s is not tested (%(why)s)", **values)

    def _get_basis_problem(self, specs):
        if not specs:
            return self.env._("it has no tests. Add a test group.")
        return self.env._(
            "by its quality plan %s a specification with a required test has to pass,"
            " and none has one. Add a test group with a required test.",
            self.plan_copy_id.code,
        )

    # -- What failed -------------------------------------------------------------------

    def _get_fatal_results(self):
        if not self.plan_copy_id:
            return super()._get_fatal_results()
        return self.result_ids.filtered(
            lambda result: (
                result.verdict == "failed"
                and result.test_line_id._counts()
                and result.test_line_id.spec_id.verdict in ("failed", "on_hold")
            )
        )

    def _get_failed_statuses(self):
        failed = self.spec_ids.filtered(lambda spec: spec.verdict == "failed")
        if self.plan_copy_id and failed:
            return failed.failed_status_id
        return super()._get_failed_statuses()

    def _get_failure_text(self):
        verdicts = {*self.result_ids.mapped("verdict")}
        verdicts |= {*self.defect_ids.mapped("verdict")}
        if not self.plan_copy_id or "failed" in verdicts:
            return super()._get_failure_text()
        failed = self.spec_ids.filtered(lambda spec: spec.verdict == "failed")
        texts = [f"{spec.name} ({spec._get_outcome_text()})" for spec in failed]
        return self.env._("Inspection failed: %s", "; ".join(texts))
