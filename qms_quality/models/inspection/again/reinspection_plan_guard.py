from odoo import models
from odoo.exceptions import UserError


class QmsReinspectionPlan(models.Model):
    """A timetable stays as it is while a plan needs it whose changes are agreed to."""

    _inherit = "qms.reinspection.plan"

    def write(self, vals):
        self.check_access("write")
        self._check_changeable()
        return super().write(vals)

    def _check_changeable(self):
        """Refuse to change timetables of quality plans that stay as they are.

        :raise UserError: names both
        """
        if not self.env["qms.quality.plan"]._qms_has_rules("activate"):
            return
        # sudo: plans of another company count as well
        lines = self.env["qms.quality.plan.warehouse"].sudo()
        lines = lines.search([("timetable_id", "in", self.ids)])
        in_force = lines.plan_id.filtered(lambda plan: plan.state == "active")
        if fixed := in_force._filter_fixed():
            raise UserError(
                self.env._(
                    "Changes of these quality plans have to be agreed to: %(plans)s."
                    " Make another timetable, and new versions that go by it, instead"
                    " of changing: %(timetables)s.",
                    plans=", ".join(fixed.mapped("display_name")),
                    timetables=", ".join(self.mapped("name")),
                )
            )
