from odoo import api, fields, models
from odoo.exceptions import AccessError

OPEN_STATES = ("pending", "approved")
OFFICER = "qms_quality.group_compliance_officer"


class QmsApproval(models.Model):
    """What was asked of others, and what they said.

    A request is about one record, one action with its arguments, and the content the
    record had: it allows that action once, and nothing else. It keeps a copy of the
    steps its rules had, and moves by its actions only.
    """

    _name = "qms.approval"
    _description = "Approval"
    _inherit = [
        "qms.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(compute="_compute_name")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", readonly=True)
    action = fields.Char(string="Technical Action", required=True, readonly=True)
    action_label = fields.Char(string="To Approve", compute="_compute_name")
    arguments = fields.Json(readonly=True)
    is_direct = fields.Boolean(
        readonly=True,
        default=True,
        help="Somebody asked for the action itself; if not, it follows from another.",
    )
    content_hash = fields.Char(readonly=True, required=True)
    content = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("used", "Done"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="pending",
        help="Approved: everybody agreed, but the action has not run yet.",
    )
    requester_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_requested = fields.Datetime(
        string="Asked on", readonly=True, default=fields.Datetime.now
    )
    date_closed = fields.Datetime(string="Closed on", readonly=True)
    close_reason = fields.Char(string="Why Closed", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    step_ids = fields.One2many("qms.approval.step", "approval_id", readonly=True)
    vote_ids = fields.One2many("qms.approval.vote", "approval_id", readonly=True)
    step_id = fields.Many2one("qms.approval.step", string="Next Step", readonly=True)
    date_start = fields.Datetime(
        related="step_id.date_start", string="Waiting since", store=True
    )
    date_due = fields.Datetime(related="step_id.date_due", string="Due", store=True)

    _pending_uniq = models.UniqueIndex(
        "(res_model, res_id, action) WHERE state = 'pending'",
        "Approval of this was asked for already, at this moment. Look again.",
    )
    _record_idx = models.Index("(res_model, res_id, id)")
    _due_idx = models.Index("(date_due) WHERE state = 'pending'")

    @api.depends("res_model", "action", "record_name")
    @api.depends_context("lang")
    def _compute_name(self):
        for approval in self:
            known = approval.res_model in self.env
            actions = known and self.env[approval.res_model]._qms_guarded_actions()
            label = (actions or {}).get(approval.action) or approval.action
            approval.action_label = label
            approval.name = f"{label}: {approval.record_name}"

    @api.depends("name")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = approval.name

    # -- Requests can't be written by hand ---------------------------------------------

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Approvals are asked for, given and refused by their buttons only."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise AccessError(
            self.env._("An approval is never deleted. Withdraw it: its history stays.")
        )

    def copy_data(self, default=None):
        raise AccessError(self.env._("An approval can't be copied."))
