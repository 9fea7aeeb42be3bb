from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.number_text import format_quantity


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
    product_id = fields.Many2one(related="tracked_product_id.product_id")
    state = fields.Selection(related="tracked_product_id.state")
    is_done = fields.Boolean(compute="_compute_is_done")
    exchange_id = fields.Many2one(
        "qms.tracked.product",
        string="Exchange with",
        domain="[('product_id', '=', product_id), ('state', '=', state),"
        " ('id', '!=', tracked_product_id), ('company_id', '=', company_id)]",
        ondelete="cascade",
        help="Another finished product that has the components of this one.",
    )
    is_exchanged = fields.Boolean(readonly=True)
    left_text = fields.Char(readonly=True)
    company_id = fields.Many2one(related="tracked_product_id.company_id")
    reason = fields.Char()
    line_ids = fields.One2many("qms.tracked.adjustment.line", "adjustment_id")

    @api.depends("tracked_product_id")
    def _compute_is_done(self):
        for wizard in self:
            wizard.is_done = wizard.tracked_product_id.state == "done"

    @api.model
    def _open(self, row):
        """Return the action that opens the dialog with what is registered."""
        wizard = self.create({"tracked_product_id": row.id})
        wizard._add_lines(row)
        return wizard._get_action()

    def _add_lines(self, row):
        """Add what is registered of a finished product, as it is.

        :return: the lines
        """
        return self.env["qms.tracked.adjustment.line"].create(
            [
                {
                    "adjustment_id": self.id,
                    "registration_id": one.id,
                    "lot_id": one.lot_id.id,
                    "quantity": one.quantity,
                }
                for one in row.component_ids
                if one.state in ("open", "done")
            ]
        )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Adjust Consumption: %s", self.tracked_product_id.lot_id.name
            ),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # -- Exchanging --------------------------------------------------------------------

    def action_exchange(self):
        """Put in what another finished product has, and into that what this one has.

        Nothing is posted yet: the dialog shows it, and it can be changed.

        :return: the action that shows the dialog
        :raise UserError: if no other finished product is chosen
        """
        self.ensure_one()
        other = self.exchange_id
        if not other or other == self.tracked_product_id:
            raise UserError(
                self.env._("Choose the product that has the components of this one.")
            )
        rows = self.tracked_product_id | other
        rows.production_id._qms_check_tracker()
        self.line_ids.unlink()
        own, others = (self._add_lines(row) for row in (self.tracked_product_id, other))
        left = own._exchange(others)
        self.write({"is_exchanged": True, "left_text": self._get_left_text(left)})
        return self._get_action()

    def _get_left_text(self, lines):
        """Return which registrations aren't exchanged, and why."""
        if not lines:
            return False
        texts = [
            self.env._(
                "%(quantity)s %(unit)s of %(lot)s in %(finished)s",
                quantity=format_quantity(self.env, line.quantity),
                unit=line.uom_id.name,
                lot=line.lot_id.name,
                finished=line.finished_lot_id.name,
            )
            for line in lines
        ]
        return self.env._(
            "These stay where they are, because the other product has nothing"
            " registered in their place: %s",
            ", ".join(texts),
        )

    # -- Posting -----------------------------------------------------------------------

    def _get_changed(self):
        """Return the lines of each registration that isn't as it was."""
        changed = self.line_ids.filtered(lambda line: line._is_changed())
        return self.line_ids.filtered(
            lambda line: line.registration_id in changed.registration_id
        )

    def action_confirm(self):
        """Post the differences.

        :raise AccessError: if the user may not register components
        :raise UserError: what is wrong with them
        """
        self.ensure_one()
        row = self.tracked_product_id
        changed = self._get_changed()
        orders = (row | changed.registration_id.tracked_product_id).production_id
        orders._qms_check_tracker()
        for order in orders.sorted("id"):
            order._qms_lock_tracking()
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
