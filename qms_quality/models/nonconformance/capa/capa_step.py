from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted
from .capa import INSPECTOR, MANAGER

ACTIVITY = "qms_quality.mail_activity_type_capa_step"


class QmsCapaAction(models.Model):
    """One step of a CAPA: who does what until when, and what proves it."""

    _name = "qms.capa.action"
    _description = "Step of a CAPA"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.late.mixin",
        "qms.staged.mixin",
        "qms.proof.files.mixin",
        "qms.audit.mixin",
    ]
    _order = "capa_id, sequence, date_deadline, id"
    _check_company_auto = True
    _mail_post_access = "read"

    capa_id = fields.Many2one(
        "qms.capa",
        string="CAPA",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="What to Do", required=True)
    description = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(
        string="Deadline", required=True, index=True, tracking=True
    )
    required = fields.Boolean(
        default=True, help="The effectiveness is not checked before this is done."
    )
    needs_proof = fields.Boolean(
        default=True, help="It is done with a text or a file that proves it only."
    )
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("cancelled", "Given Up")],
        required=True,
        readonly=True,
        copy=False,
        default="todo",
        index=True,
        tracking=True,
    )
    proof = fields.Text(copy=False, help="How it was done, and what shows it.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "qms_capa_action_attachment_rel",
        "action_id",
        "attachment_id",
        string="Files",
        copy=False,
    )
    date_done = fields.Datetime(string="Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False
    )
    end_reason = fields.Char(string="Given Up because", readonly=True, copy=False)
    capa_state = fields.Selection(related="capa_id.state", string="Stage of the CAPA")
    company_id = fields.Many2one(
        related="capa_id.company_id", store=True, index=True, precompute=True
    )

    _late_idx = models.Index("(date_deadline) WHERE state = 'todo'")

    # -- Who may write what ------------------------------------------------------------

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"date_done", "done_by_id", "end_reason"}

    @api.model
    def _get_proof_fields(self):
        """Return what the owner of a step writes, if he is nobody else in Quality."""
        return {"proof", "attachment_ids", "message_main_attachment_id"}

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        if not is_trusted(self.env):
            steps.capa_id._check_open()
        steps._ask()
        return steps

    def write(self, vals):
        res = super().write(vals)
        if {"user_id", "date_deadline", "name"} & vals.keys():
            self._ask_again()
        return res

    @api.model
    def _get_free_fields(self):
        """Return what may be written at any stage."""
        return {"message_follower_ids", "activity_ids", "message_ids", "sequence"}

    def _check_change(self, vals):
        names = vals.keys() - self._get_free_fields()
        if names:
            # sudo: who owns a step need not read its CAPA
            capas = self.sudo().capa_id
            (capas | capas.browse(vals.get("capa_id")))._check_open()
            self._check_stage(["todo"], self.env._("Changing"))
            self._check_owner()
        if names - self._get_proof_fields():
            self.env.user._qms_check_group(INSPECTOR)
        if {"required", "capa_id"} & names:
            self._check_required()
        return super()._check_change(vals)

    def _check_required(self):
        """Refuse to leave out what a plan requires, but to a quality manager."""
        planned = self.filtered(
            lambda step: step.required and step.capa_id.state != "open"
        )
        if planned and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "These steps are required by a plan, so only a quality manager can"
                    " leave them out: %s.",
                    ", ".join(planned.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_todo_only(self):
        if is_trusted(self.env):
            return
        self.capa_id._check_open()
        self._check_stage(["todo"], self.env._("Deleting"))
        self._check_required()

    def _get_given_files(self):
        return self.filtered(lambda step: step.state == "done").attachment_ids

    # -- Actions -----------------------------------------------------------------------

    def action_done(self):
        """Report that steps are done, with what proves it.

        :raise AccessError: if a step is another one's, and the user is no inspector
        :raise UserError: names the steps that are not to be done, or lack their proof
        """
        self._check_owner()
        self._check_stage(["todo"], self.env._("Done"))
        # sudo: who owns a step need not read its CAPA
        self.sudo().capa_id._check_open()
        self._check_proof()
        self._done()

    def _check_proof(self):
        bare = self.filtered(
            lambda step: (
                step.needs_proof
                and not (step.proof or "").strip()
                and not step.attachment_ids
            )
        )
        if bare:
            raise UserError(
                self.env._(
                    "Say what proves that these steps are done, or attach a file: %s.",
                    ", ".join(bare.mapped("name")),
                )
            )

    def _done(self):
        # sudo: who owns a step may not write the rest of it
        steps = trusted(self.sudo())
        steps.write(
            {
                "state": "done",
                "date_done": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        steps._audit("done")
        steps._stop_asking()
        steps.capa_id._tell_when_all_done()

    def action_todo(self):
        """Take back that steps are done or given up.

        :raise AccessError: if the user is no inspector
        :raise UserError: if a step is to be done anyway
        """
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("write")
        self._check_stage(["done", "cancelled"], self.env._("Reopening"))
        self.capa_id._check_open()
        steps = trusted(self)
        steps.write(
            {
                "state": "todo",
                "date_done": False,
                "done_by_id": False,
                "end_reason": False,
            }
        )
        self._audit("reopen")
        self._ask()

    def action_give_up(self, reason=None):
        """Give steps up; without a reason, ask for it.

        :param str reason: why
        :raise AccessError: if the user is no inspector; no quality manager, where a
            plan requires a step
        :raise UserError: if a step is done or given up already
        """
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("write")
        self._check_stage(["todo"], self.env._("Giving up"))
        self.capa_id._check_open()
        self._check_required()
        wizard = self.env["qms.capa.reason"]
        if not wizard._is_reason(reason):
            return wizard._open(self, "give_up")
        trusted(self).write({"state": "cancelled", "end_reason": reason.strip()})
        self._audit("cancel", reason=reason)
        self._stop_asking()
        return None

    def action_open(self):
        """Open the step."""
        self.ensure_one()
        return self._get_records_action(views=[(False, "form")])

    # -- Asking the owner --------------------------------------------------------------

    def _ask(self):
        """Give the owners of steps that are to be done now an activity each."""
        due = self.filtered(
            lambda step: (
                step.state == "todo" and step.sudo().capa_id.state == "in_progress"
            )
        )
        for step in due:
            # sudo: who plans may give others something to do
            step.sudo().activity_schedule(
                ACTIVITY,
                date_deadline=step.date_deadline,
                user_id=step.user_id.id,
                summary=step.name,
                note=step.description or "",
            )

    def _ask_again(self):
        """Ask those who were asked already again, for what a step is now."""
        asked = self.sudo().activity_search([ACTIVITY])
        steps = self.browse(asked.mapped("res_id"))
        steps._stop_asking()
        steps._ask()
