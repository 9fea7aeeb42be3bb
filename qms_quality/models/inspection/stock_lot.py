from odoo import api, fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    qms_batch = fields.Char(
        string="Batch",
        index="trigram",
        help="Serial numbers of one batch are inspected together. By default the"
        " receipt or the manufacturing order that they came from.",
    )
    qms_product_tracking = fields.Selection(
        related="product_id.tracking", string="Tracked by"
    )
    qms_quality_order_ids = fields.Many2many(
        "qms.quality.order",
        "qms_quality_order_lot_rel",
        "lot_id",
        "order_id",
        string="Quality Orders",
        readonly=True,
        copy=False,
        qms_audit=False,
    )
    qms_quality_order_count = fields.Integer(compute="_compute_qms_quality_order_count")

    def _compute_qms_quality_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("lot_ids", "in", self.ids)], ["lot_ids"], ["__count"]
            )
        )
        for lot in self:
            lot.qms_quality_order_count = counts.get(lot._origin, 0)

    @api.model
    def _qms_get_initial_statuses(self, products):
        statuses = super()._qms_get_initial_statuses(products)
        status = self.env["qms.inspection.status"]
        waiting = status._get_by_xmlid("status_under_inspection")
        for product in self.env["qms.quality.association"]._get_covered(products):
            statuses[product] = (statuses[product] | waiting)._get_strictest()
        return statuses

    def _qms_get_recorded(self):
        recorded = super()._qms_get_recorded()
        # sudo: an order that the user may not read still counts
        orders = self.env["qms.quality.order"].sudo()
        groups = orders._read_group([("lot_ids", "in", self.ids)], ["lot_ids"])
        return recorded | self.browse([lot.id for (lot,) in groups]) & self

    def action_open_quality_orders(self):
        """Open the quality orders of these lots; a new one is about them."""
        context = {"default_product_id": self.product_id[:1].id}
        if len(self) == 1:
            context["default_lot_ids"] = self.ids
        return self.env["qms.quality.order"]._get_action(
            [("lot_ids", "in", self.ids)], context
        )

    def action_new_quality_order(self):
        """Open a new quality order for these lots, to be completed and saved."""
        orders = self.env["qms.quality.order"]
        return orders._get_new_action(
            {
                "default_product_id": self.product_id[:1].id,
                "default_lot_ids": self.ids,
                "default_quantity": sum(self.mapped("product_qty")) or 1.0,
            }
        )
