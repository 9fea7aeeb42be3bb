from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsTrackedAdjustment(models.TransientModel):
    """Adjusts what a finished product has consumed, before or after it is finished."""

    _name = "qms.tracked.adjustment"
    _description = "Adjust Consumption"

    tracked_product_id = fields.Many2one(
        "qms.tracked.product",
        string="Finished product",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    is_done = fields.Boolean(compute="_compute_is_done")
    reason = fields.Char()
    line_ids = fields.One2many("qms.tracked.adjustment.line", "adjustment_id")

    @api.depends("tracked_product_id")
    def _compute_is_done(self):
        for wizard in self:
            wizard.is_done = wizard.tracked_product_id.state == "done"

    @api.model
    def _open(self, row):
        """Return the action that opens the dialog with what is registered."""
        wizard = self.create(
            {
                "tracked_product_id": row.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "registration_id": one.id,
                            "lot_id": one.lot_id.id,
                            "quantity": one.quantity,
                        },
                    )
                    for one in row.component_ids
                    if one.state in ("open", "done")
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adjust Consumption: %s", row.lot_id.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Post the differences.

        :raise AccessError: if the user may not register components
        :raise UserError: what is wrong with them
        """
        self.ensure_one()
        row = self.tracked_product_id
        row.production_id._qms_check_tracker()
        row.production_id._qms_lock_tracking()
        changed = self.line_ids.filtered(lambda line: line._is_changed())
        if not changed:
            raise UserError(self.env._("Nothing is changed: no quantity and no lot."))
        if row.state == "done":
            return row._qms_guarded(
                "correct",
                changes=[line._prepare_change() for line in changed],
                reason=(self.reason or "").strip(),
            ) or {"type": "ir.actions.act_window_close"}
        changed._adjust()
        return {"type": "ir.actions.act_window_close"}
