from odoo import api, fields, models

from ...evidence.content import ContentLine


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

    # -- What is agreed to -------------------------------------------------------------

    @api.model
    def _get_ruled_fields(self):
        return super()._get_ruled_fields() | {"timetable_ids"}

    def _qms_signed_content(self, action, arguments):
        label = self.env._("Timetable")
        return [
            *super()._qms_signed_content(action, arguments),
            *(
                ContentLine(
                    f"timetable {line.id}",
                    label,
                    line._prepare_copy_values(),
                    line._get_text(),
                )
                for line in self.timetable_ids
            ),
        ]

    def _qms_get_involved_users(self, action):
        # sudo: who wrote it is looked at whoever approves
        writers = self.sudo().timetable_ids.write_uid
        return super()._qms_get_involved_users(action) | writers
