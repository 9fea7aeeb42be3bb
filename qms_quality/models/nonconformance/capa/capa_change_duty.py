from odoo import api, fields, models


class QmsCapaChange(models.Model):
    """Something has to be proved every so many days: calibration, certification."""

    _inherit = "qms.capa.change"

    duty_name = fields.Char(
        string="What to Prove", help="Such as: scale W-3 was calibrated."
    )
    duty_days = fields.Integer(string="Every (Days)", default=30)
    duty_user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        ondelete="restrict",
        check_company=True,
        domain=[("share", "=", False)],
    )

    _duty_days_check = models.Constraint(
        "CHECK(duty_days >= 0)", "The days between two proofs can't be negative."
    )

    def _get_subjects(self):
        if self.kind == "duty":
            return [self.duty_name, self.partner_id.display_name]
        return super()._get_subjects()

    @api.model
    def _get_signed_fields(self):
        names = ["duty_name", "duty_days", "duty_user_id"]
        return [*super()._get_signed_fields(), *names]

    def _get_duty_gaps(self):
        if self.duty_name and self.duty_days and self.duty_user_id:
            return []
        return [self.env._("say what is to be proved, every how many days, by whom")]

    def _apply_duty(self):
        duty = self.env["qms.duty"].create(self._prepare_duty_values())
        proof = self.env._(
            "“%(duty)s” is to be proved every %(days)s days",
            duty=duty.name,
            days=duty.days,
        )
        return duty, proof

    def _prepare_duty_values(self):
        self.ensure_one()
        return {
            "name": self.duty_name,
            "partner_id": self.partner_id.id,
            "user_id": self.duty_user_id.id,
            "days": self.duty_days,
            "date_next": self.date_from or fields.Date.context_today(self),
            "date_end": self.date_to,
            "capa_id": self.capa_id.id,
            "company_id": self.company_id.id,
        }
