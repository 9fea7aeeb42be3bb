from odoo import models

CONTEXT_KEY = "qms_reading_batch"


class ReadingBatch:
    """What readings said before many writes, which are followed up as one.

    Like the sentinel, a Python object is what no client can send.
    """

    def __init__(self):
        self.before = {}
        # what was found out of orders, by their ids
        self.later = {}


def get_batch(env):
    """Return the :class:`ReadingBatch` that is being written, if any."""
    batch = env.context.get(CONTEXT_KEY)
    return batch if isinstance(batch, ReadingBatch) else None


class QmsQualityOrderResult(models.Model):
    """Readings that are entered together."""

    _inherit = "qms.quality.order.result"

    def _in_batch(self, batch):
        """Return the readings in a context where writing doesn't follow up yet.

        :param batch: :class:`ReadingBatch`
        """
        return self.with_context(**{CONTEXT_KEY: batch})

    def _stamp(self, before):
        batch = get_batch(self.env)
        if not batch:
            return super()._stamp(before)
        for result, text in before.items():
            batch.before.setdefault(result, text)

    def _close_batch(self, batch):
        """Follow up what was written: stamps, worked-out values, orders, holds.

        :param batch: :class:`ReadingBatch`
        """
        if batch.before:
            results = self.browse([result.id for result in batch.before])
            results._stamp(batch.before)
