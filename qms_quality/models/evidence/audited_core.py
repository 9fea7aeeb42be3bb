"""Odoo's own models whose quality fields are followed, whichever addon adds them."""

from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "qms.audit.mixin"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "qms.audit.mixin"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "qms.audit.mixin"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "qms.audit.mixin"]


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "qms.audit.mixin"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "qms.audit.mixin"]


class StockLocation(models.Model):
    _name = "stock.location"
    _inherit = ["stock.location", "qms.audit.mixin"]


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.audit.mixin"]


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "qms.audit.mixin"]


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.audit.mixin"]


class StockPickingType(models.Model):
    _name = "stock.picking.type"
    _inherit = ["stock.picking.type", "qms.audit.mixin"]
