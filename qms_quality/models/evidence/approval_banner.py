from lxml import etree
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

BANNER = "qms_quality.qms_approval_banner"
BUTTON = "qms_quality.qms_approval_stat_button"


class QmsGuardedMixin(models.AbstractModel):
    """Shows on every form of a guarded model who agreed, who is next, since when."""

    _inherit = "qms.guarded.mixin"

    qms_approval_info = fields.Html(
        string="Approval", compute="_compute_qms_approval", sanitize=False
    )
    qms_approval_waits_for_me = fields.Boolean(compute="_compute_qms_approval")
    qms_approval_is_mine = fields.Boolean(compute="_compute_qms_approval")
    qms_approval_count = fields.Integer(
        string="Approvals", compute="_compute_qms_approval_count"
    )

    @api.depends_context("uid", "lang", "tz")
    def _compute_qms_approval(self):
        by_record = self._qms_get_open_approvals().grouped("res_id")
        for record in self:
            # the person's own view on it: four eyes look at who asks
            approvals = by_record.get(record.id, self.env["qms.approval"])
            record.qms_approval_info = Markup().join(
                approval._get_info() for approval in approvals
            )
            record.qms_approval_waits_for_me = any(approvals.mapped("waits_for_me"))
            record.qms_approval_is_mine = any(approvals.mapped("is_mine"))

    def _compute_qms_approval_count(self):
        counts = {}
        if self._name in self.env["qms.approval.rule"]._get_guarded_models():
            # who reads the record sees how many requests there are of those he may see
            groups = self.env["qms.approval"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
            counts = dict(groups)
        for record in self:
            record.qms_approval_count = counts.get(record.id, 0)

    # -- Buttons -----------------------------------------------------------------------

    def _qms_get_my_approvals(self, field):
        """Return the open requests that wait for the user, or are his.

        Where there are only those of others, their buttons say why he can't.
        """
        approvals = self._qms_get_open_approvals().sudo(False)
        if not approvals:
            raise UserError(
                self.env._(
                    "Nothing waits for approval here: %s.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        return approvals.sudo().filtered(field).sudo(False) or approvals

    def action_qms_approve(self):
        """Agree to what is asked about these records."""
        return self._qms_get_my_approvals("waits_for_me").action_approve()

    def action_qms_reject(self):
        """Reject what is asked about these records."""
        return self._qms_get_my_approvals("waits_for_me").action_reject()

    def action_qms_delegate(self):
        """Pass on what is asked about these records."""
        return self._qms_get_my_approvals("waits_for_me").action_delegate()

    def action_qms_withdraw(self):
        """Withdraw what one asked about these records."""
        return self._qms_get_my_approvals("is_mine").action_withdraw()

    def action_qms_open_approvals(self):
        """Open the requests for approval there were about these records."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approvals"),
            "res_model": "qms.approval",
            "view_mode": "list,kanban,form",
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
        }

    # -- The form ----------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._qms_guarded_actions():
            self._qms_add_banner(arch)
        return arch, view

    @api.model
    def _qms_add_banner(self, arch):
        """Add the banner above the sheet, and the button in its box."""
        for sheet in arch.xpath("/form/sheet"):
            sheet.addprevious(self._qms_render(BANNER))
            for box in sheet.xpath("div[@name='button_box']"):
                box.append(self._qms_render(BUTTON))

    @api.model
    def _qms_render(self, template):
        return etree.fromstring(self.env["ir.qweb"]._render(template))
