from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsQualityPlan(models.Model):
    """The timetables of a plan."""

    _inherit = "qms.quality.plan"

    timetable_ids = fields.One2many(
        "qms.quality.plan.warehouse", "plan_id", string="Timetables", copy=True
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planning(self):
        # sudo: what waits to be inspected again counts, whoever may read it
        waiting = (
            self.env["qms.quality.order"]
            .sudo()
            .search(
                [("plan_copy_id.plan_id", "in", self.ids), ("date_again", "!=", False)]
            )
        )
        if waiting:
            plans = waiting.plan_copy_id.plan_id
            raise UserError(
                self.env._(
                    "%(count)s quality orders are inspected again by the timetables of"
                    " %(plans)s, and would never be. Archive it instead.",
                    count=len(waiting),
                    plans=", ".join(plans.mapped("display_name")),
                )
            )
