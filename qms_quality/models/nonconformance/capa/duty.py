from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...sentinel import trusted

ACTIVITY = "qms_quality.mail_activity_type_duty"


class QmsDuty(models.Model):
    """Something that is proved again and again: a calibration, a certification.

    Each proof is kept, and sets the next day.
    """

    _name = "qms.duty"
    _description = "Recurring Duty"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.late.mixin",
        "qms.staged.mixin",
        "qms.audit.mixin",
    ]
    _order = "date_next, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="What to Prove", required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    days = fields.Integer(
        string="Every (Days)",
        required=True,
        default=30,
        tracking=True,
        help="Counted from the day of the last proof.",
    )
    notice_days = fields.Integer(
        string="Ask before (Days)",
        default=7,
        help="So many days before it is due, who is responsible gets an activity.",
    )
    date_next = fields.Date(
        string="Due",
        required=True,
        index=True,
        tracking=True,
        default=fields.Date.context_today,
    )
    date_end = fields.Date(string="Until", help="Empty: for ever.")
    date_asked = fields.Date(
        string="Asked for", readonly=True, copy=False, qms_audit=False
    )
    capa_id = fields.Many2one(
        "qms.capa",
        string="CAPA",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    proof_ids = fields.One2many(
        "qms.duty.proof", "duty_id", string="Proofs", readonly=True, copy=False
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _days_check = models.Constraint(
        "CHECK(days > 0 AND notice_days >= 0)",
        "A duty recurs after one day or more, and can't be asked for after it is due.",
    )

    @api.model
    def _get_undone_domain(self):
        """Return the domain of duties that somebody has to do, now or later."""
        return Domain("active", "=", True) & (
            Domain("date_end", "=", False)
            | Domain("date_end", ">=", fields.Date.context_today(self))
        )

    @api.model
    def _get_undone_fields(self):
        return ["active", "date_end"]

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties._ask()
        return duties

    def write(self, vals):
        res = super().write(vals)
        if {"user_id", "date_next", "notice_days", "active", "date_end"} & vals.keys():
            self._stop_asking()
            self._ask()
        return res

    # -- Asking ------------------------------------------------------------------------

    def _ask(self):
        """Give who is responsible an activity, once for each day that it is due."""
        today = fields.Date.context_today(self)
        due = self.filtered_domain(self._get_undone_domain()).filtered(
            lambda duty: (
                duty.date_next - timedelta(days=duty.notice_days) <= today
                and duty.date_asked != duty.date_next
            )
        )
        for duty in due:
            trusted(duty.sudo()).date_asked = duty.date_next
            # sudo: who keeps duties may give others something to do
            duty.sudo().activity_schedule(
                ACTIVITY,
                date_deadline=duty.date_next,
                user_id=duty.user_id.id,
                summary=duty.name,
            )

    def action_prove(self):
        """Ask for the proof.

        :raise AccessError: if somebody else is responsible
        """
        self.ensure_one()
        self._check_owner()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prove: %s", self.name),
            "res_model": "qms.duty.proof",
            "view_mode": "form",
            "target": "new",
            "context": {"default_duty_id": self.id},
        }

    def _take(self, proof):
        """Set the next day by a proof."""
        self.ensure_one()
        day = fields.Date.context_today(self, proof.date_proved)
        # sudo: who is responsible may not change the duty itself
        self.sudo().date_next = day + timedelta(days=self.days)
        self._audit("done", reason=proof.text or None)
