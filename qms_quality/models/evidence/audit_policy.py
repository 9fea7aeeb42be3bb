from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize_all

from . import audit_seal_file, seal_settings

ALERT = "mail.mail_activity_data_warning"


class QmsAuditPolicy(models.Model):
    """How often trails are sealed, where seals go, and how long entries are kept.

    There is one. Its changes are in the audit trail.
    """

    _name = "qms.audit.policy"
    _description = "Sealing and Retention"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.audit.mixin"]

    name = fields.Char(
        default=lambda self: self.env._("Sealing and retention"), readonly=True
    )
    interval_number = fields.Integer(string="Seal every", required=True, default=1)
    interval_type = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        string="Interval Unit",
        required=True,
        default="days",
    )
    next_date = fields.Datetime(string="Next Seal", compute="_compute_next_date")
    unsealed_count = fields.Integer(
        string="Trails to Seal", compute="_compute_unsealed_count"
    )
    mail_seals = fields.Boolean(default=True)
    mail_to = fields.Char(
        string="Other Addresses",
        help="Mail addresses outside your organization make it harder to collude."
        " Separate them by commas.",
    )
    mail_addresses = fields.Char(string="Mailed to", compute="_compute_mail_addresses")
    folder = fields.Char(compute="_compute_server_settings")
    folder_problem = fields.Char(compute="_compute_server_settings")
    key_path = fields.Char(string="Key", compute="_compute_server_settings")
    key_problem = fields.Char(compute="_compute_server_settings")
    public_key = fields.Char(compute="_compute_server_settings")
    retention_years = fields.Integer(
        string="Keep Entries For",
        help="In years. 0: for ever. Older entries are purged, after a seal that says"
        " so has been delivered.",
    )

    _positive_interval = models.Constraint(
        "CHECK(interval_number > 0)", "The interval must be at least 1."
    )
    _positive_retention = models.Constraint(
        "CHECK(retention_years >= 0)",
        "Entries are kept for at least one year; 0 keeps them for ever.",
    )

    @api.model
    def _get(self):
        """Return the policy; read by the system for everyone."""
        # sudo: what it says holds for whoever acts
        return self.env.ref("qms_quality.audit_policy").sudo()

    @api.model
    def _get_officers(self):
        """Return the compliance officers, without the system itself."""
        # sudo: nobody may read groups
        group = self.env.ref("qms_quality.group_compliance_officer").sudo()
        return group.all_user_ids.filtered(lambda user: user.active and not user.share)

    def _get_mail_addresses(self):
        """Return the addresses that seals are mailed to."""
        if not self.mail_seals:
            return []
        officers = self._get_officers().filtered("email_normalized")
        own = officers.mapped("email_normalized")
        return list(dict.fromkeys([*own, *email_normalize_all(self.mail_to or "")]))

    @api.depends("mail_seals", "mail_to")
    def _compute_mail_addresses(self):
        for policy in self:
            policy.mail_addresses = ", ".join(policy._get_mail_addresses())

    @api.depends("interval_number", "interval_type")
    def _compute_next_date(self):
        cron = self._get_cron()
        self.next_date = cron.active and cron.nextcall

    def _compute_unsealed_count(self):
        self.unsealed_count = self.env["qms.audit.seal"].sudo()._count_unsealed()

    def _compute_server_settings(self):
        folder, key = seal_settings.get_folder(), seal_settings.get_key_path()
        self.folder, self.key_path = folder, key
        self.folder_problem = folder and seal_settings.get_folder_problem(
            self.env, folder
        )
        loaded, self.key_problem = self.env["qms.audit.seal"]._load_key()
        self.public_key = loaded and audit_seal_file.encode_public_key(
            loaded.public_key()
        )

    @api.constrains("mail_to")
    def _check_mail_to(self):
        for policy in self.filtered("mail_to"):
            parts = [part for part in policy.mail_to.split(",") if part.strip()]
            if len(email_normalize_all(policy.mail_to)) != len(parts):
                raise ValidationError(
                    self.env._(
                        "These are not mail addresses separated by commas:"
                        " %(addresses)s",
                        addresses=policy.mail_to,
                    )
                )

    # -- One policy --------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"interval_number", "interval_type"} & set(vals):
            self._apply_interval()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The policy can't be deleted."))

    def _get_cron(self):
        # sudo: nobody but administrators may read scheduled actions
        return self.env.ref("qms_quality.cron_seal").sudo()

    def _apply_interval(self):
        names = ("interval_number", "interval_type")
        self._get_cron().write({name: self[:1][name] for name in names})

    def action_seal_now(self):
        """See ``qms.audit.seal``."""
        return self.env["qms.audit.seal"].action_seal_now()

    def action_purge(self):
        """Prepare the purge of what is older than the retention period.

        :return: the action that opens it
        :raise AccessError: for anyone but compliance officers
        :raise UserError: if there is no period, or nothing that old
        """
        return self.env["qms.audit.purge"]._purge_now()

    # -- Somebody must know ------------------------------------------------------------

    def _alert(self, problem):
        """Tell the compliance officers, once for as long as they leave it open."""
        told = self.activity_search([ALERT]).user_id
        for officer in self._get_officers() - told:
            self.activity_schedule(
                ALERT,
                user_id=officer.id,
                summary=self.env._("The seals of the audit trail need you"),
                note=problem,
            )

    def _end_alert(self):
        self.activity_unlink([ALERT])
