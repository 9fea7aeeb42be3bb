from odoo import fields, models


class QmsLotAttribute(models.Model):
    """The value that one lot has of an attribute. No row: not recorded."""

    _name = "qms.lot.attribute"
    _description = "Attribute of a Lot"
    _inherit = ["qms.attribute.value.mixin", "qms.audit.mixin"]
    _order = "lot_id, attribute_id, id"
    _rec_name = "value"

    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    company_id = fields.Many2one(related="lot_id.company_id", store=True)
    # for people, searching and grouping; judged are the typed fields
    value = fields.Char(readonly=True, help="The value as people read it.")
    source = fields.Selection(
        [
            ("hand", "Entered by hand"),
            ("default", "Default of product, category or vendor"),
            ("test", "Test result"),
            ("production", "Inherited from components"),
            ("copy", "From the lot that was split"),
        ],
        required=True,
        readonly=True,
        default="hand",
    )

    _lot_attribute_uniq = models.UniqueIndex(
        "(lot_id, attribute_id)", "A lot has each attribute once."
    )
