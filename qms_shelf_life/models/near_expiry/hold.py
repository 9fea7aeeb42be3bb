from odoo import models
from odoo.exceptions import UserError

from .expiry_decision import OPEN

DECISION = "qms.expiry.decision"


class QmsHold(models.Model):
    """What is held near its date is freed by deciding, not by hand."""

    _inherit = "qms.hold"

    def _check_release(self):
        super()._check_release()
        holds = self.filtered(lambda hold: hold.res_model == DECISION)
        if not holds:
            return
        # sudo: who releases need not be allowed to read decisions
        rows = self.env[DECISION].sudo().browse(holds.mapped("res_id")).exists()
        deciding = rows.filtered(lambda row: row.state in OPEN)
        kept = holds.filtered(lambda hold: hold.res_id in deciding.ids)
        if kept:
            raise UserError(
                self.env._(
                    "It is decided in Near Expiry what becomes of these goods, which"
                    " frees them: %(holds)s.",
                    holds=", ".join(
                        f"{hold.name} ({hold.document_name})" for hold in kept
                    ),
                )
            )
