from odoo import models

from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """Defects that were counted decide with the readings, and switch the severity."""

    _inherit = "qms.quality.order"

    def _get_validation_problems(self):
        if not self.defect_ids:
            return super()._get_validation_problems()
        problems = super()._get_validation_problems() if self._is_read() else []
        return problems + self._get_count_problems()

    def _is_read(self):
        """Tell whether readings were taken, or have to be, besides counting defects."""
        return any(result.required or result.is_recorded for result in self.result_ids)

    def _get_count_problems(self):
        problems = []
        for defect in self.defect_ids:
            values = {"class_name": defect.display_name}
            if defect.severity_id.sudo().is_discontinued:
                problems.append(
                    self.env._(
                        "%(class_name)s: the inspection is discontinued. A quality"
                        " manager has to resume it.",
                        **values,
                    )
                )
            elif defect.needs_second and not defect.verdict:
                problems.append(
                    self.env._(
                        "%(class_name)s: count the defects in the second sample of"
                        " %(size)s",
                        size=defect.size2,
                        **values,
                    )
                )
            elif not defect.verdict and defect.fed_by:
                problems.append(
                    self.env._(
                        "%(class_name)s: count the defects found, by %(tests)s",
                        tests=defect.fed_by,
                        **values,
                    )
                )
            elif not defect.verdict:
                problems.append(
                    self.env._("%(class_name)s: count the defects found", **values)
                )
        return problems

    def _get_verdict(self):
        if not self.defect_ids:
            return super()._get_verdict()
        verdicts = {
            *(spec.verdict for spec in self._get_judged_specs()),
            *self.defect_ids.mapped("verdict"),
        }
        return "passed" if verdicts == {"passed"} else "failed"

    def _get_judged_specs(self):
        """Return the specifications that decide; none, where defects alone do."""
        if not self.defect_ids:
            return self.spec_ids
        read = self._is_read()
        return self.spec_ids.filtered(lambda spec: read and spec.test_ids)

    def _get_failed_statuses(self):
        if any(defect.verdict == "failed" for defect in self.defect_ids):
            return self.spec_ids.failed_status_id or super()._get_failed_statuses()
        return super()._get_failed_statuses()

    def _get_failure_text(self):
        rejected = self.defect_ids.filtered(lambda one: one.verdict == "failed")
        if not rejected:
            return super()._get_failure_text()
        text = self._get_rejection_text(rejected)
        if any(
            result.verdict == "failed" and result.test_line_id._counts()
            for result in self.result_ids
        ):
            text = f"{text}. {super()._get_failure_text()}"
        return text

    def _get_rejection_text(self, rejected):
        """Return which classes of defects reject the lot, for people."""
        return self.env._(
            "Lot rejected: %s",
            "; ".join(defect._get_failure_text() for defect in rejected),
        )

    def _validate(self):
        res = super()._validate()
        fresh = trusted(
            self.filtered(lambda order: order.sampling_plan_id and not order.is_judged)
        )
        if fresh:
            # inspecting again is no new submission: the first verdict counts
            fresh.is_judged = True
            fresh._count_verdicts()
        return res

    def _count_verdicts(self):
        """Tell the histories that decide how the next lots are inspected."""
        orders = self.sorted("id")
        counted = orders.defect_ids.filtered("severity_id")
        if counted:
            self.env["qms.sampling.severity"]._record(
                counted.sorted(lambda one: (one.order_id.id, one.id))
            )
        climbing = orders.filtered("ladder_level_id")
        positions = climbing._get_ladder_positions()
        for order in climbing:
            positions[order]._record(order, order.verdict == "passed")

    def _get_ladder_positions(self):
        """Return where the goods of these orders stand, as superuser."""
        if not self:
            return {}
        # sudo: whoever validates need not be allowed to read the ladder
        keys = {
            order: (
                order.ladder_level_id.sudo().ladder_id.id,
                order.product_id.id,
                order.partner_id.commercial_partner_id.id,
                order.company_id.id,
            )
            for order in self
        }
        positions = self.env["qms.sampling.ladder"]._get_positions(set(keys.values()))
        return {order: positions[key] for order, key in keys.items()}
