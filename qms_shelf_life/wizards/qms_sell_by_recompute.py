from odoo import api, fields, models


class QmsSellByRecompute(models.TransientModel):
    """Offers to recompute the sell-by dates of the lots that are in stock."""

    _name = "qms.sell.by.recompute"
    _description = "Recompute Sell-by Dates"

    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", required=True
    )
    lot_count = fields.Integer(string="Lots in Stock", compute="_compute_lot_count")

    @api.model
    def default_get(self, fields):
        res = super().default_get(fields)
        if self.env.context.get("active_model") == "product.template":
            res["product_tmpl_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return res

    @api.depends("product_tmpl_ids")
    def _compute_lot_count(self):
        # sudo: whoever keeps products need not see stock; its size is no secret
        lots = self.env["stock.lot"].sudo()
        for wizard in self:
            templates = wizard.product_tmpl_ids._origin
            wizard.lot_count = lots.search_count(templates._qms_get_lot_domain())

    def action_recompute(self):
        """Recompute them in the background, and say so.

        :return: client action, a message
        :raise AccessError: for those who may not change the products
        """
        self.ensure_one()
        self.product_tmpl_ids.check_access("write")
        self.product_tmpl_ids._qms_mark_sell_by()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The sell-by dates of %(count)s lots are recomputed in the"
                    " background.",
                    count=self.lot_count,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
