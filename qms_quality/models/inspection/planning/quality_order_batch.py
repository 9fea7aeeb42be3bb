from odoo import models

from ..day.quality_order_result_batch import CONTEXT_KEY, get_batch


class QmsQualityOrder(models.Model):
    """Readings that are entered together ask once which orders still take them."""

    _inherit = "qms.quality.order"

    def _begin_batch(self, batch):
        res = super()._begin_batch(batch)
        self.with_context(**{CONTEXT_KEY: batch})._filter_later()
        return res

    def _filter_later(self):
        batch = get_batch(self.env)
        if not batch:
            return super()._filter_later()
        new = self.filtered(lambda order: order.id not in batch.later)
        later = super(QmsQualityOrder, new)._filter_later()
        batch.later.update({order.id: order in later for order in new})
        return self.filtered(lambda order: batch.later[order.id])
