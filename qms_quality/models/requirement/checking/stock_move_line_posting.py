from collections import defaultdict

from odoo import models

from ...gate.transaction import goods_of
from .steering import Posting


class StockMoveLine(models.Model):
    """Goods that are posted must meet all, those that are chosen what stock can."""

    _inherit = "stock.move.line"

    def _qms_judge(self, movements, origins):
        packages = defaultdict(dict)
        for movement in movements:
            packages[movement.line.move_id, goods_of(movement)][
                movement.package_dest
            ] = None
        lines = self.with_context(qms_posting=Posting(dict(packages)))
        return super(StockMoveLine, lines)._qms_judge(movements, origins)
