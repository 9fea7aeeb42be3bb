from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sentinel import trusted


class QmsQrsConfirmWizard(models.TransientModel):
    """A worker confirms that labels and certificates were there."""

    _name = "qms.qrs.confirm.wizard"
    _description = "Confirm Requirements"

    picking_id = fields.Many2one(
        "stock.picking", required=True, readonly=True, ondelete="cascade"
    )
    note = fields.Char(help="Such as the number of the certificate.")
    line_ids = fields.One2many("qms.qrs.confirm.wizard.line", "wizard_id")

    @api.model
    def _open(self, picking):
        """Return the action that opens the dialog of a transfer."""
        wizard = self.create({"picking_id": picking.id})
        confirmed = wizard._get_confirmed()
        wizard.line_ids = [
            (0, 0, wizard._prepare_line(*key, key in confirmed))
            for key in sorted(
                picking._qms_get_confirmable(),
                key=lambda one: (one[1].id, one[2] or "", one[0].id),
            )
        ]
        return wizard._get_records_action(
            name=self.env._("Confirm Requirements"), target="new"
        )

    def _get_confirmed(self):
        # sudo: who moves goods sees what was confirmed of them
        rows = self.env["qms.qrs.confirmation"].sudo()
        rows = rows.search([("picking_id", "=", self.picking_id.id)])
        return {(row.criterion_id, row.product_id, row.lot_name) for row in rows}

    @api.model
    def _prepare_line(self, criterion, product, lot_name, is_confirmed):
        return {
            "criterion_id": criterion.id,
            "product_id": product.id,
            "lot_name": lot_name,
            "is_done": is_confirmed,
            "is_confirmed": is_confirmed,
        }

    def action_confirm(self):
        """Record what was ticked, by this user and now.

        :raise AccessError: if the user may not write the transfer
        :raise UserError: if the transfer asks for something else by now, or nothing
            was ticked
        """
        self.ensure_one()
        self.picking_id.check_access("write")
        ticked = {
            (line.criterion_id, line.product_id, line.lot_name or False)
            for line in self.line_ids
            if line.is_confirmed
        }
        # sudo: as in _open; what was asked for is found anew, not taken from the client
        asked = self.sudo().picking_id._qms_get_confirmable()
        self._check_asked(ticked, asked)
        self._record(ticked - self._get_confirmed())
        return {"type": "ir.actions.act_window_close"}

    def _check_asked(self, ticked, asked):
        if not ticked:
            raise UserError(self.env._("Tick what was there."))
        if ticked - asked:
            raise UserError(
                self.env._(
                    "%s has changed meanwhile. Close this window and open it again.",
                    self.picking_id.name,
                )
            )

    def _record(self, keys):
        # sudo: confirmations are written by this action only
        trusted(self.env["qms.qrs.confirmation"].sudo()).create(
            [
                {
                    "criterion_id": criterion.id,
                    "product_id": product.id,
                    "lot_name": lot_name,
                    "picking_id": self.picking_id.id,
                    "user_id": self.env.uid,
                    "note": self.note,
                }
                for criterion, product, lot_name in keys
            ]
        )
