from odoo import api, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted
from .capa import DONE_STATES


class QmsCapa(models.Model):
    """What of a CAPA can't be written by hand, and when nothing can."""

    _inherit = "qms.capa"

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {
            "name",
            "date_opened",
            "date_closed",
            "closed_by_id",
        }

    @api.model
    def _get_free_fields(self):
        """Return what may be written of a CAPA that is done."""
        return {"message_follower_ids", "activity_ids", "message_main_attachment_id"}

    def _prepare_numbers(self, vals_list):
        numbers = self.env["ir.sequence"]._qms_draw("qms.capa", len(vals_list))
        return [
            {**vals, "name": number}
            for vals, number in zip(vals_list, numbers, strict=True)
        ]

    def _check_change(self, vals):
        if vals.keys() - self._get_free_fields():
            self._check_open()
        return super()._check_change(vals)

    def _check_open(self):
        """Refuse to change CAPAs that are closed or cancelled.

        :raise UserError: names them
        """
        done = self.filtered(lambda capa: capa.state in DONE_STATES)
        if done:
            raise UserError(
                self.env._(
                    "These CAPAs stay as they are: %s. A quality manager can reopen"
                    " them.",
                    ", ".join(done._get_name_and_stage()),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_fresh_only(self):
        kept = self.filtered(
            lambda capa: (
                capa.state != "open"
                or capa.check_ids
                or any(one.state == "applied" for one in capa.change_ids)
            )
        )
        if kept and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "Only CAPAs that nobody planned can be deleted, not: %s. Cancel"
                    " them.",
                    ", ".join(kept._get_name_and_stage()),
                )
            )
