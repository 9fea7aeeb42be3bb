from odoo import fields, models


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    qms_equipment_ids = fields.One2many(
        "maintenance.equipment", "qms_workcenter_id", string="Equipment"
    )
