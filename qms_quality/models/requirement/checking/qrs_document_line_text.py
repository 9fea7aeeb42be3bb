from odoo import models


class QmsQrsDocumentLine(models.Model):
    """What people read where goods don't meet what an order line asks for."""

    _inherit = "qms.qrs.document.line"

    def _qms_get_who(self):
        """Return who demands it: the partner's company, or else the order."""
        self.ensure_one()
        copy = self.sudo()
        partner = copy.partner_id.commercial_partner_id
        return partner.display_name or copy.document_name or copy.qrs_id.code

    def _qms_get_source(self):
        """Return where it is written: the card and the order."""
        copy = self.sudo()
        return ", ".join(
            name for name in (copy.qrs_id.code, copy.document_name) if name
        )

    def _qms_get_unmet_text(self, judgement):
        """Return one line: who demands what, where, and what is found instead."""
        return self.env._(
            "%(who)s demands: %(expected)s. Found: %(found)s (%(where)s)",
            who=self._qms_get_who(),
            expected=judgement.expected,
            found=judgement.found,
            where=self._qms_get_source(),
        )

    def _qms_get_steering_text(self):
        """Return all that is demanded, and who ignored it."""
        self.ensure_one()
        criteria = self.criterion_ids
        rows = [
            self.env._(
                "%(who)s demands (%(where)s):",
                who=self._qms_get_who(),
                where=self._qms_get_source(),
            ),
            *(f"- {criterion._get_expected_text()}" for criterion in criteria),
        ]
        if self.is_ignored:
            rows.append(
                self.env._(
                    "Ignored by %(user)s: %(reason)s",
                    user=self.sudo().ignored_by_id.name,
                    reason=self.ignore_reason,
                )
            )
        return "\n".join(rows)
