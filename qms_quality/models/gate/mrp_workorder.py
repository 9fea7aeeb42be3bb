from odoo import api, models

WORKING = ("progress", "done")


class MrpWorkorder(models.Model):
    """Work orders are doors into their manufacturing order."""

    _inherit = "mrp.workorder"

    @api.model_create_multi
    def create(self, vals_list):
        workorders = super().create(vals_list)
        if any(vals.get("state") in WORKING for vals in vals_list):
            workorders.production_id._qms_check_components()
        return workorders

    def write(self, vals):
        if vals.get("state") in WORKING:
            changed = self.filtered(lambda work: work.state != vals["state"])
            changed.production_id._qms_check_components()
        return super().write(vals)

    def button_start(self, raise_on_invalid_state=False):
        # before a timer runs or a quantity is set
        self.production_id._qms_check_components()
        return super().button_start(raise_on_invalid_state)

    def button_finish(self):
        open_work = self.filtered(lambda work: work.state not in ("done", "cancel"))
        open_work.production_id._qms_check_components()
        return super().button_finish()
