from odoo import fields, models


class ProductTemplate(models.Model):
    """Whether lots of a product may lie together."""

    _inherit = "product.template"

    qms_one_lot_package = fields.Boolean(
        string="One Lot in a Package",
        help="A transfer that would put a second lot of this product into a package is"
        " refused. What stands on one pallet is in one package, boxes and all.",
    )
    qms_one_lot_place = fields.Boolean(
        string="One Lot in a Location",
        help="A transfer that would put a second lot of this product into an internal"
        " location is refused.",
    )
