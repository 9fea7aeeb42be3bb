from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class QmsFefoReason(models.TransientModel):
    """Asks why lots are taken that expire after others."""

    _name = "qms.fefo.reason"
    _description = "Why a Later Lot"

    line_ids = fields.Many2many("stock.move.line", readonly=True)
    picking_ids = fields.Many2many("stock.picking", readonly=True)
    production_ids = fields.Many2many("mrp.production", readonly=True)
    subject = fields.Text("Passed over", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, documents, skipped):
        """Return the action that asks why.

        :param documents: transfers or manufacturing orders whose button was pressed
        :param dict skipped: ``{Movement: [Skipped]}``
        """
        lines = self.env["stock.move.line"]
        is_transfer = documents._name == "stock.picking"
        wizard = self.create(
            {
                "line_ids": [Command.set([movement.line.id for movement in skipped])],
                "picking_ids": [Command.set(documents.ids if is_transfer else [])],
                "production_ids": [Command.set([] if is_transfer else documents.ids)],
                "subject": "\n".join(
                    lines._qms_get_skipped_text(movement, some)
                    for movement, some in skipped.items()
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Lots That Expire Later?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    def action_confirm(self):
        """Keep the reason on the lines, and press the button again.

        :return: what the button returns
        :raise UserError: without a reason
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why later lots are taken."))
        self.line_ids.write({"qms_fefo_reason": reason})
        if self.production_ids:
            return self.production_ids.button_mark_done()
        return self.picking_ids.button_validate()
