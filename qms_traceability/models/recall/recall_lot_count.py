from odoo import api, fields, models

from odoo.addons.qms_quality.models.sentinel import is_trusted, trusted

from .recall import COORDINATOR, DONE_STATES
from .recall_lot import ENTERED


class QmsRecallLot(models.Model):
    """What people enter of a lot: its count, and why something is missing."""

    _inherit = "qms.recall.lot"

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "The lots of a recall and the figures of the ledger are read by Analyse and"
            " Update; only counts and explanations are entered."
        )

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | ENTERED

    def write(self, vals):
        if is_trusted(self.env):
            return super().write(vals)
        if vals.keys() & ENTERED:
            self.env.user._qms_check_group(COORDINATOR)
            self.recall_id._check_state(
                self._get_open_states(), self.env._("Counts and explanations")
            )
        if "counted" in vals:
            vals = {**vals, "is_counted": vals.get("is_counted", True)}
        res = super().write(vals)
        if vals.keys() & {"counted", "is_counted"}:
            trusted(self).write(
                {"counted_by_id": self.env.uid, "date_counted": fields.Datetime.now()}
            )
        return res

    @api.model
    def _get_open_states(self):
        states = dict(self.env["qms.recall"]._fields["state"].selection)
        return [state for state in states if state not in DONE_STATES]
