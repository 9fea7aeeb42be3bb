from odoo import fields, models


class QmsNearWindowMixin(models.AbstractModel):
    """What says when goods come near their expiry: product, category or company."""

    _name = "qms.near.window.mixin"
    _description = "Window of Near Expiry"
    _inherit = ["qms.date.formula.mixin"]

    qms_near_expiry = fields.Char(
        string="Near Expiry Window",
        qms_formula=True,
        help="A lot is listed to be decided on from this long before its last day on,"
        " for example 30D or 2M. Empty: as the category says, else its parents, else"
        " the company.",
    )
