from odoo import fields, models

LEVELS = [
    ("product", "Product"),
    ("value", "Product attribute value"),
    ("category", "Product category"),
    ("tag", "Product tag"),
    ("all", "All products"),
]


class QmsQrsLine(models.Model):
    """The criteria of a card for one product, or for many at once."""

    _name = "qms.qrs.line"
    _description = "Line of Quality Requirements"
    _inherit = ["qms.audit.mixin"]
    _order = "qrs_id, sequence, id"

    qrs_id = fields.Many2one("qms.qrs", required=True, index=True, ondelete="cascade")
    type = fields.Selection(related="qrs_id.type")
    sequence = fields.Integer(default=10)
    applies_to = fields.Selection(LEVELS, required=True, default="product")
    product_tmpl_id = fields.Many2one("product.template", "Product")
    product_id = fields.Many2one(
        "product.product", "Variant", help="Empty: every variant of the product."
    )
    value_id = fields.Many2one("product.attribute.value", "Attribute Value")
    categ_id = fields.Many2one("product.category", "Category")
    tag_id = fields.Many2one("product.tag")
    use = fields.Selection(
        [("component", "Components"), ("output", "Finished products")],
        help="Of a manufacturing order. Empty: both.",
    )
    criterion_ids = fields.One2many("qms.qrs.criterion", "line_id", copy=True)
    instructions = fields.Html(help="Printed on orders and confirmations.")
    company_id = fields.Many2one(related="qrs_id.company_id", store=True)
