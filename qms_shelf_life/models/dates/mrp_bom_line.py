from odoo import fields, models


class MrpBomLine(models.Model):
    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "qms.audit.mixin"]

    qms_limits_expiration = fields.Boolean(
        string="Limits Expiration",
        help="What is made expires with the lots of this component at the latest.",
    )
