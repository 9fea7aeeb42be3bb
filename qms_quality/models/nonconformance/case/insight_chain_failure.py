from odoo import models


class QmsNonconformanceFailure(models.Model):
    """A failed reading, as the chain of its case tells it."""

    _inherit = "qms.nonconformance.failure"

    def _get_chain_text(self):
        """Return what failed, with the reading, the limits and the lot."""
        self.ensure_one()
        text = self.name
        if self.value:
            text = self.env._("%(test)s: %(value)s", test=text, value=self.value)
        if self.limits:
            text = self.env._(
                "%(reading)s (%(limits)s)", reading=text, limits=self.limits
            )
        return f"{text} · {self.lot_id.name}" if self.lot_id else text
