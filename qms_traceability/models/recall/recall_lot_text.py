from odoo import models

from odoo.addons.qms_quality.models.evidence.content import ContentLine
from odoo.addons.qms_quality.models.number_text import format_quantity

from .recall_lot import LEDGER


class QmsRecallLot(models.Model):
    """A lot's figures in words."""

    _inherit = "qms.recall.lot"

    def _get_lot_text(self):
        """Return what a notice calls this lot."""
        return self.lot_id.name

    def _get_gap_text(self):
        """Return the gaps of this lot with their names, for people."""
        unit = self.sudo().uom_id.name
        return ", ".join(
            f"{self._fields[name]._description_string(self.env)}"
            f" {format_quantity(self.env, gap)} {unit}"
            for name, gap in self._get_gaps().items()
        )

    def _get_signed_line(self):
        """Return the line of this lot in what is signed."""
        figures = [round(self[name], 6) for name in (*LEDGER, "elsewhere", "answered")]
        counted = round(self.counted, 6) if self.is_counted else None
        value = [self.lot_id.id, *figures, counted, self.explanation or None]
        text = " ".join(filter(None, [self._get_gap_text(), self.explanation]))
        return ContentLine("lot", self.display_name, value, text or "0")
