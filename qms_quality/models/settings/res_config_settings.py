from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    qms_notify_lost_reservation = fields.Boolean(
        related="company_id.qms_notify_lost_reservation", readonly=False
    )
    qms_start_receiving = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_food = fields.Boolean(compute="_compute_qms_starting_points")
    qms_start_regulated = fields.Boolean(compute="_compute_qms_starting_points")

    @api.depends("company_id")
    def _compute_qms_starting_points(self):
        points = self.env["qms.starting.point"]
        self.qms_start_receiving = points._is_on("receiving")
        self.qms_start_food = points._is_on("food")
        self.qms_start_regulated = points._is_on("regulated")

    def action_qms_start_receiving(self):
        """Switch on *Receiving inspection* for the current company."""
        return self._qms_start("receiving", self.env._("Receiving inspection"))

    def action_qms_start_food(self):
        """Switch on *Food* for the current company."""
        return self._qms_start("food", self.env._("Food"))

    def action_qms_start_regulated(self):
        """Switch on *Regulated* for the current company."""
        return self._qms_start("regulated", self.env._("Regulated"))

    def _qms_start(self, name, label):
        self.env["qms.starting.point"]._switch_on(name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(label)s is switched on. Adjust its rules to your goods.",
                    label=label,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
