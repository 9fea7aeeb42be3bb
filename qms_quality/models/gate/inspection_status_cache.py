from odoo import api, models


class QmsInspectionStatus(models.Model):
    """What statuses warn of is asked at every posting, and hardly ever changes."""

    _inherit = "qms.inspection.status"

    @api.model_create_multi
    def create(self, vals_list):
        statuses = super().create(vals_list)
        self.env.registry.clear_cache()
        return statuses

    def write(self, vals):
        res = super().write(vals)
        if any(name.startswith("policy_") for name in vals):
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
