from odoo import fields, models


class StockLot(models.Model):
    """The cases about a lot."""

    _inherit = "stock.lot"

    qms_nonconformance_count = fields.Integer(
        compute="_compute_qms_nonconformance_count"
    )

    def _compute_qms_nonconformance_count(self):
        counts = dict(
            self.env["qms.nonconformance"]._read_group(
                [("lot_ids", "in", self.ids)], ["lot_ids"], ["__count"]
            )
        )
        for lot in self:
            lot.qms_nonconformance_count = counts.get(lot._origin, 0)

    def action_open_nonconformances(self):
        """Open the cases about these lots; a new one is about them."""
        context = {"default_product_id": self.product_id[:1].id}
        if len(self.product_id) == 1:
            context["default_lot_ids"] = self.ids
        return self.env["qms.nonconformance"]._get_action(
            [("lot_ids", "in", self.ids)], context
        )
