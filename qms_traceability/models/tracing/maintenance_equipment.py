from odoo import fields, models


class MaintenanceEquipment(models.Model):
    """A machine stands at a work center; where it stood before, its trail tells."""

    _name = "maintenance.equipment"
    _inherit = ["maintenance.equipment", "qms.audit.mixin"]

    qms_workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What is made there is made with this equipment: traces and batch records"
        " name it.",
    )
