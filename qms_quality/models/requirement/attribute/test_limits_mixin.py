from odoo import fields, models


class QmsTestLimitsMixin(models.AbstractModel):
    """A test may tell an attribute of the lots that it is done on."""

    _inherit = "qms.test.limits.mixin"

    attribute_id = fields.Many2one(
        "qms.attribute",
        "Lot Attribute",
        index="btree_not_null",
        ondelete="restrict",
        help="When the order is validated, the value is written into this attribute of"
        " its lots. Of several readings it is the value that counts for the verdict, or"
        " their average; other readings than numbers have to agree.",
    )
