from odoo import api, fields, models


class StockLot(models.Model):
    """Lots have attributes; new ones those that are usual for their goods."""

    _inherit = "stock.lot"

    qms_attribute_ids = fields.One2many("qms.lot.attribute", "lot_id", "Attributes")

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create(vals_list)
        nobody = self.env["res.partner"]
        # a part of a lot has what the lot has
        whole = lots.filtered(lambda lot: not lot.parent_lot_id)
        self.env["qms.attribute.default"]._qms_apply(dict.fromkeys(whole, nobody))
        return lots
