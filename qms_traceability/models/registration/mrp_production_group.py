from odoo import fields, models


class MrpProductionGroup(models.Model):
    """Orders that were split from one know when something of them was registered."""

    _inherit = "mrp.production.group"

    qms_tracking_version = fields.Integer(readonly=True, copy=False)
