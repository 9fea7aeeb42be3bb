from odoo import models

from .insight_chain import ChainStep, format_day

TONES = {"passed": "success", "failed": "danger"}


class QmsQualityOrder(models.Model):
    """A quality order as a step in the chain of a case."""

    _inherit = "qms.quality.order"

    def _get_chain_step(self, label, level=0):
        """Return this order as a step: its verdict, or how far it is.

        :param str label: what kind of test it is
        :param int level: how far it is indented
        """
        self.ensure_one()
        field = self._fields["verdict" if self.verdict else "state"]
        labels = dict(field._description_selection(self.env))
        return ChainStep(
            label,
            " · ".join(part for part in (self.name, self.lot_names) if part),
            format_day(self.env, self.date_validated),
            [labels[self[field.name]]],
            self,
            TONES.get(self.verdict, "warning"),
            level,
        )
