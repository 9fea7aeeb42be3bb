from odoo import fields, models


class StockLot(models.Model):
    """A lot shows what it departed from."""

    _inherit = "stock.lot"

    qms_deviation_count = fields.Integer(
        "Deviations", compute="_compute_qms_deviation_count"
    )

    def _compute_qms_deviation_count(self):
        # sudo: only a number; who may not read deviations isn't shown it
        counts = dict(
            self.env["qms.deviation"]
            .sudo()
            ._read_group([("lot_id", "in", self.ids)], ["lot_id"], ["__count"])
        )
        for lot in self:
            lot.qms_deviation_count = counts.get(lot._origin.sudo(), 0)

    def action_open_deviations(self):
        """List the deviations of these lots."""
        return self.env["qms.deviation"]._get_list_action([("lot_id", "in", self.ids)])

    def action_record_deviation(self):
        """Open the dialog that records a deviation of this lot by hand."""
        self.ensure_one()
        self.check_access("read")
        return self.env["qms.deviation.record"]._open(
            {
                "product_id": self.product_id.id,
                "lot_id": self.id,
                "quantity": self.product_qty,
                "company_id": (self.company_id or self.env.company).id,
            }
        )
