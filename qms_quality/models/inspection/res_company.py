from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_close_needs_signoff = fields.Boolean(
        string="Quality Sign-off before Closing",
        help="A manufacturing order can't be closed before all its quality orders have"
        " passed, whatever their rules say.",
    )
    qms_start_needs_components = fields.Boolean(
        string="Components must have Passed",
        help="A manufacturing order can't be started with component lots of which a"
        " quality order has not passed.",
    )
