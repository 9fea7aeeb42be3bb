from odoo import fields, models


class MrpBomLine(models.Model):
    """What may be used in place of a component."""

    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "qms.audit.mixin"]

    qms_substitute_ids = fields.Many2many(
        "product.product",
        "qms_bom_line_substitute_rel",
        "bom_line_id",
        "product_id",
        string="Substitutes",
        check_company=True,
        help="Products that may be registered in place of this component, one for one"
        " in the unit of the component, where the manufacturing order allows it.",
    )
