from odoo import api, fields, models

from .product_removal import FEFO


class StockWarehouse(models.Model):
    """Whether a warehouse takes goods by their expiration."""

    _inherit = "stock.warehouse"

    qms_is_fefo = fields.Boolean(
        "Takes Goods by Expiration", compute="_compute_qms_is_fefo", compute_sudo=True
    )

    @api.depends("lot_stock_id.removal_strategy_id")
    def _compute_qms_is_fefo(self):
        for warehouse in self:
            place = warehouse.lot_stock_id
            while place and not place.removal_strategy_id:
                place = place.location_id
            warehouse.qms_is_fefo = place.removal_strategy_id.method == FEFO

    def action_qms_use_fefo(self):
        """Take the goods of these warehouses by their expiration.

        Goods without dates are taken in the order in which they came in, as before.

        :raise AccessError: for those who may not set up locations
        """
        places = self.lot_stock_id
        places.check_access("write")
        strategy = self.env.ref("product_expiry.removal_fefo")
        places.write({"removal_strategy_id": strategy.id})
