from collections import defaultdict

from odoo import models

from ...gate.transaction import Goods

TYPES = {"incoming": "supplier", "outgoing": "customer", "dropship": "customer"}


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "picking_id"

    def _qms_get_reported_goods(self):
        return self.move_line_ids._qms_get_line_goods() or self._qms_get_asked_goods()

    def _qms_get_asked_goods(self):
        """Return ``{Goods: quantity}`` of what is still to come."""
        none = (self.env["stock.lot"], self.env["stock.location"])
        goods = defaultdict(float)
        for move in self.move_ids:
            one = Goods(move.product_id, *none, self.env["stock.package"])
            goods[one] += move.product_qty
        return goods

    def _qms_prepare_report(self):
        self.ensure_one()
        # sudo: whoever handles the transfer need not be allowed to read its order
        orders = self.sudo()
        return {
            **super()._qms_prepare_report(),
            "type": TYPES.get(self.picking_type_code, "internal"),
            "picking_id": self.id,
            "partner_id": self.partner_id.id,
            "purchase_id": self._qms_readable(orders.purchase_id).id,
            "sale_id": self._qms_readable(orders.sale_id).id,
        }

    def _qms_readable(self, records):
        """Return those of ``records`` that the user may read."""
        return records.sudo(False)._filtered_access("read")
