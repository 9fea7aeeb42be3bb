from odoo import fields, models


class QmsQualityPlan(models.Model):
    """The timetables of a plan."""

    _inherit = "qms.quality.plan"

    timetable_ids = fields.One2many(
        "qms.quality.plan.warehouse", "plan_id", string="Timetables", copy=True
    )

    def _prepare_copy_values(self):
        lines = self.timetable_ids.filtered("timetable_id.active")
        return {
            **super()._prepare_copy_values(),
            "timetables": [line._prepare_copy_values() for line in lines],
        }

    def _get_delete_warnings(self):
        warnings = super()._get_delete_warnings()
        # sudo: how many orders there are is no secret
        count = (
            self.env["qms.quality.order"]
            .sudo()
            .search_count(
                [("plan_copy_id.plan_id", "in", self.ids), ("date_again", "!=", False)]
            )
        )
        if count:
            warnings.append(
                self.env._(
                    "%s quality orders are inspected again once more by its"
                    " timetables.",
                    count,
                )
            )
        return warnings
