from odoo import models

from ...gate.transaction import Goods


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.nonconformance.source.mixin"]

    def _qms_get_case_field(self):
        return "production_id"

    def _qms_get_reported_goods(self):
        """What was made; before that, what is being made."""
        lines = self.move_finished_ids.move_line_ids
        done = lines.filtered(lambda line: line.state == "done")
        return done._qms_get_line_goods() or {
            Goods(
                order.product_id,
                lot,
                self.env["stock.location"],
                self.env["stock.package"],
            ): order.product_uom_qty / max(len(order.lot_producing_ids), 1)
            for order in self
            for lot in order.lot_producing_ids or [order.lot_producing_ids]
        }

    def _qms_prepare_report(self):
        self.ensure_one()
        return {
            **super()._qms_prepare_report(),
            "type": "production",
            "production_id": self.id,
        }
