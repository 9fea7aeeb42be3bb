from odoo import api, fields, models

from .starting_point import STARTING_POINTS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_notify_lost_reservation = fields.Boolean(
        related="company_id.qms_notify_lost_reservation", readonly=False
    )
    qms_start_receiving = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_food = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_regulated = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_dispositions = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_capas = fields.Boolean(compute="_compute_qms_starting_points")
    qms_missing_receiving = fields.Char(compute="_compute_qms_starting_points")
    qms_missing_food = fields.Char(compute="_compute_qms_starting_points")
    qms_missing_regulated = fields.Char(compute="_compute_qms_starting_points")
    qms_missing_dispositions = fields.Char(compute="_compute_qms_starting_points")
    qms_missing_capas = fields.Char(compute="_compute_qms_starting_points")

    qms_seal_interval = fields.Char(compute="_compute_qms_seal")
    qms_seal_next_date = fields.Datetime(compute="_compute_qms_seal")
    qms_seal_has_target = fields.Boolean(compute="_compute_qms_seal")

    def _compute_qms_seal(self):
        policy = self.env["qms.audit.policy"]._get()
        units = dict(policy._fields["interval_type"]._description_selection(self.env))
        unit = units[policy.interval_type].lower()
        folder = policy.folder and not policy.folder_problem
        self.qms_seal_interval = f"{policy.interval_number} {unit}"
        self.qms_seal_next_date = policy.next_date
        self.qms_seal_has_target = bool(policy.mail_addresses or folder)

    @api.depends("company_id")
    def _compute_qms_starting_points(self):
        points = self.env["qms.starting.point"]
        for name in STARTING_POINTS:
            self[f"qms_start_{name}"] = points._is_on(name)
            self[f"qms_missing_{name}"] = "; ".join(points._get_missing(name))

    def action_qms_start_receiving(self):
        """Switch on *Receiving inspection* for the current company."""
        return self._qms_start("receiving", self.env._("Receiving inspection"))

    def action_qms_start_food(self):
        """Switch on *Food* for the current company."""
        return self._qms_start("food", self.env._("Food"))

    def action_qms_start_regulated(self):
        """Switch on *Regulated* for the current company."""
        return self._qms_start("regulated", self.env._("Regulated"))

    def action_qms_start_dispositions(self):
        """Switch on the approval of dispositions for the current company."""
        return self._qms_start("dispositions", self.env._("Approval of dispositions"))

    def action_qms_start_capas(self):
        """Switch on the approval of CAPAs for the current company."""
        return self._qms_start("capas", self.env._("Approval of CAPAs"))

    def _qms_start(self, name, label):
        return self.env["qms.starting.point"]._switch_on_and_tell(name, label)
