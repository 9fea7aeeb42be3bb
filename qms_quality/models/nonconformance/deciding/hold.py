from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...sentinel import trusted
from ..case.nonconformance import DONE_STATES

CASE = "qms.nonconformance"


class QmsHold(models.Model):
    """What a case holds is freed by its dispositions, not by hand."""

    _inherit = "qms.hold"

    def _check_release(self):
        super()._check_release()
        holds = self.filtered(lambda hold: hold.res_model == CASE)
        if not holds:
            return
        # sudo: who releases need not be allowed to read the case
        cases = self.env[CASE].sudo().browse(holds.mapped("res_id")).exists()
        deciding = cases.filtered(lambda case: case.state not in DONE_STATES)
        ending = deciding.disposition_ids.filtered(
            lambda row: row.state == "in_progress"
        ).ending_hold_ids
        kept = (holds - ending).filtered(lambda hold: hold.res_id in deciding.ids)
        if kept:
            raise UserError(
                self.env._(
                    "The goods of these holds are disposed of in their nonconformance,"
                    " which frees them: %(holds)s.",
                    holds=", ".join(
                        f"{hold.name} ({hold.document_name})" for hold in kept
                    ),
                )
            )

    def _qms_do_release(self, reason, comment=None):
        res = super()._qms_do_release(reason, comment)
        # sudo: who releases need not be allowed to read dispositions
        rows = self.env["qms.disposition"].sudo()
        if self.filtered(lambda hold: hold.res_model == CASE):
            rows.search(
                [
                    ("state", "=", "in_progress"),
                    ("ending_hold_ids", "in", self.ids),
                ]
            )._follow_released()
        return res

    def _qms_stand_alone(self):
        """Part these holds from those that they extend, or that they extended to.

        What ends then takes nothing else along.
        """
        # trusted: a checked action decides what is held for what
        kept = self.child_ids.filtered(lambda hold: hold.state == "open") - self
        apart = self.filtered(lambda hold: hold.root_id and hold.root_id not in self)
        trusted((kept | apart).sudo()).write({"root_id": False})

    def _get_inside_quantities(self):
        """Return how much stock each of these holds covers: ``{hold: quantity}``."""
        quants = self._get_quants()._qms_filter_inside()
        totals = defaultdict(float)
        matched = self._match_goods(quants._qms_get_goods())
        for quant, holds in zip(quants, matched, strict=True):
            for hold in holds:
                totals[hold] += quant.quantity
        return totals
