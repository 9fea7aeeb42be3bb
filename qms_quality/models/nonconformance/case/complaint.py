from odoo import api, fields, models

COMPLAINT = "customer"


class QmsNonconformance(models.Model):
    """Complaints of customers: who, by when, and how they were answered.

    What ISO 13485, 8.2.2 asks for: each is received, judged, investigated and answered,
    or it is written down why not.
    """

    _inherit = "qms.nonconformance"
    _primary_email = "complaint_email"

    is_complaint = fields.Boolean(compute="_compute_is_complaint")
    complaint_email = fields.Char(
        string="Email",
        copy=False,
        help="Who complained by mail, as the mail says.",
    )
    customer_reference = fields.Char(
        copy=False, help="The customer's own number of the complaint."
    )
    date_answered = fields.Datetime(
        string="Answered on", readonly=True, copy=False, qms_audit=False
    )
    answered_by_id = fields.Many2one(
        "res.users",
        string="Answered by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        qms_audit=False,
    )
    no_answer_reason = fields.Char(
        string="Why no Answer", copy=False, help="Where the customer gets none."
    )
    reportable = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Reportable to the Authority",
        readonly=True,
        copy=False,
        help="Decided by a quality manager, with a reason.",
    )
    reportable_reason = fields.Text(
        string="Reason of the Decision", readonly=True, copy=False
    )
    reportable_by_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        qms_audit=False,
    )
    date_reportable = fields.Datetime(
        string="Decided on", readonly=True, copy=False, qms_audit=False
    )
    date_reported = fields.Date(string="Reported on", copy=False)
    report_reference = fields.Char(
        copy=False, help="The number that the authority gave the report."
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "date_answered",
            "answered_by_id",
            "reportable",
            "reportable_reason",
            "reportable_by_id",
            "date_reportable",
        }

    @api.depends("type")
    def _compute_is_complaint(self):
        for case in self:
            case.is_complaint = case.type == COMPLAINT

    @api.model_create_multi
    def create(self, vals_list):
        """Open cases; complaints get the deadline that their company sets."""
        return super().create([self._prepare_deadline(vals) for vals in vals_list])

    def _prepare_deadline(self, vals):
        kind = vals.get("type", self.env.context.get("default_type"))
        if kind != COMPLAINT or "date_deadline" in vals:
            return vals
        company = self.env["res.company"].browse(vals.get("company_id"))
        deadline = self._get_complaint_deadline(company or self.env.company)
        return {**vals, "date_deadline": deadline} if deadline else vals

    @api.model
    def _get_complaint_deadline(self, company):
        """Return the day by which a complaint of today is answered, or False."""
        # sudo: who reports need not be allowed to read the company's settings
        days = company.sudo().qms_complaint_days
        today = fields.Date.context_today(self)
        return fields.Date.add(today, days=days) if days else False

    @api.onchange("type")
    def _onchange_type(self):
        deadline = self._get_complaint_deadline(self.company_id)
        if self.is_complaint and deadline and not self._origin:
            self.date_deadline = deadline

    # -- Closing -----------------------------------------------------------------------

    def _get_closing_problems(self):
        """Return what keeps this complaint from being closed, a line each."""
        problems = super()._get_closing_problems()
        if not self.is_complaint:
            return problems
        if not (self.date_answered or self.no_answer_reason):
            problems.append(
                self.env._("the customer has no answer. Answer, or write down why not.")
            )
        if self.reportable == "yes" and not self.date_reported:
            problems.append(
                self.env._(
                    "it has to be reported to the authority. Fill in when it was."
                )
            )
        if not self.reportable and self.company_id.qms_complaint_reportable:
            problems.append(
                self.env._("a quality manager decides whether it has to be reported.")
            )
        return problems
