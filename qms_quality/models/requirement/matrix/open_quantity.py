from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _qms_get_open_quantity(self):
        """Return what is still to be delivered, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty - self.qty_delivered, self.product_id.uom_id
        )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _qms_get_open_quantity(self):
        """Return what is still to be received, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_qty - self.qty_received, self.product_id.uom_id
        )


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def _qms_get_open_quantity(self):
        """Return what is still to be made, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_qty - self.qty_produced, self.product_id.uom_id
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _qms_get_open_quantity(self):
        """Return what is still to be moved, in the product's unit."""
        self.ensure_one()
        return 0.0 if self.state in ("done", "cancel") else self.product_qty
