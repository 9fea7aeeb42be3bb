from collections import defaultdict

from odoo import models
from odoo.fields import Domain


class MrpProduction(models.Model):
    """Which lots an order has made, and from what."""

    _inherit = "mrp.production"

    def _qms_get_made_lots(self):
        """Return the dated lots that these orders have made.

        :return: ``{stock.lot: mrp.production}``
        """
        if not self:
            return {}
        # sudo: who consumes goods need not see where the output is
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(
            Domain("state", "=", "done")
            & Domain("move_id.production_id", "in", self.ids)
            & Domain("lot_id", "!=", False)
            & Domain("product_id.use_expiration_date", "=", True)
        )
        return {
            line.lot_id.with_env(self.env): line.move_id.production_id.with_env(
                self.env
            )
            for line in lines
        }

    def _qms_get_ingredient_dates(self):
        """Return when the first ingredient expires that limits what was made.

        :return: ``{mrp.production: datetime}``, of those orders that have any
        """
        # sudo: as above
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(
            Domain("state", "=", "done")
            & Domain("move_id.raw_material_production_id", "in", self.ids)
            & Domain("move_id.bom_line_id.qms_limits_expiration", "=", True)
            & Domain("lot_id.expiration_date", "!=", False)
            & Domain("quantity_product_uom", ">", 0)
        )
        dates = defaultdict(list)
        for line in lines:
            order = line.move_id.raw_material_production_id.with_env(self.env)
            dates[order].append(line.lot_id.expiration_date)
        return {order: min(found) for order, found in dates.items()}
