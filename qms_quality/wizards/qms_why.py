from odoo import api, fields, models


class QmsWhy(models.TransientModel):
    """Answers "why can't I have these goods?" for a lot, a move or a document."""

    _name = "qms.why"
    _description = "Why Goods are Refused"
    _rec_name = "summary"

    summary = fields.Text(readonly=True)
    line_ids = fields.One2many("qms.why.line", "why_id", readonly=True)

    @api.model
    def _open(self, summary, answers):
        """Return the action of a dialog that shows what refuses.

        :param str summary: what is available and what is held, in words
        :param list answers: of ``(quant, [GateReason])``
        """
        # sudo: the names of documents that hold are part of the answer
        why = self.sudo().create(
            {
                "summary": summary,
                "line_ids": [(0, 0, vals) for vals in self._prepare_lines(answers)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": self._name,
            "res_id": why.id,
            "view_mode": "form",
            "target": "new",
            # who may release it is the last column, and what people look for
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _prepare_lines(self, answers):
        """Return the values of one line for each lot, place and reason."""
        lines = {}
        for quant, reasons in answers:
            for reason in reasons:
                key = (quant.product_id, quant.lot_id, quant.location_id, reason)
                vals = lines.setdefault(key, self._prepare_line(quant, reason))
                vals["quantity"] += quant.quantity
        return list(lines.values())

    def _prepare_line(self, quant, reason):
        hold = reason.hold.sudo()
        return {
            "product_id": quant.product_id.id,
            "lot_id": quant.lot_id.id,
            "location_id": quant.location_id.id,
            "quantity": 0.0,
            "status_id": reason.status.id,
            "policy": reason.policy,
            "reason": hold.reason if hold else reason.text,
            "date": hold.date_placed,
            "hold_id": hold.id,
            "document_name": hold.document_name,
            "release_group": bool(hold) and hold.status_id._get_release_group().name,
        }
