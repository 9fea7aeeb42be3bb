from odoo import fields, models


class ProductTemplate(models.Model):
    """Products that are handled in packages."""

    _inherit = "product.template"

    qms_package_managed = fields.Boolean(
        string="Managed in Packages",
        help="Goods come and go in packages: a quality plan may limit how much one"
        " quality order is about.",
    )
