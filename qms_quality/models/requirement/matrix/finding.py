from odoo import api, fields, models

from .outcome import OUTCOMES


class QmsQrsFinding(models.TransientModel):
    """What was found out about one lot, or one line of an order, when somebody asked.

    A list to filter and group; nothing depends on it.
    """

    _name = "qms.qrs.finding"
    _description = "Finding about Requirements"
    _order = "product_id, lot_id, id"
    _rec_name = "why"

    try_id = fields.Many2one("qms.qrs.try", ondelete="cascade", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial Number", readonly=True)
    quantity = fields.Float("Free", digits="Product Unit", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    qrs_id = fields.Many2one("qms.qrs", "Card", readonly=True)
    why = fields.Char(readonly=True)
    # of a line of an order
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Order", model_field="res_model", readonly=True)
    document_name = fields.Char("Document", readonly=True)
    date = fields.Date(readonly=True)
    demand = fields.Float(
        "Open Quantity",
        digits="Product Unit",
        readonly=True,
        help="What is still to be delivered, received, consumed or made.",
    )
    meets = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What lies in stock and meets the requirements.",
    )
    is_failing = fields.Boolean("Fails", readonly=True)

    def action_open_document(self):
        """Open the order."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    @api.model
    def _prepare_cell(self, lot, partner, cell, texts):
        """Return the values of what was found about a lot for a partner.

        :param cell: of the matrix
        :param texts: ``{criterion id: what it asks for}``
        """
        return {
            "outcome": cell.outcome,
            "partner_id": partner.id,
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "why": self._get_why(cell, texts),
        }

    @api.model
    def _get_why(self, cell, texts):
        """Return what a lot doesn't meet, as one line for people."""
        return "; ".join(
            self.env._(
                "%(expected)s (found: %(found)s)",
                expected=texts.get(what, what),
                found=found,
            )
            for what, found in cell.failing
        )

    @api.model
    def _get_texts(self, cells):
        """Return ``{criterion id: what it asks for}`` of those that cells name."""
        failing = (what for cell in cells for what, _found in cell.failing)
        ids = {what for what in failing if not isinstance(what, str)}
        # sudo: sellers see what goods lack, whatever they may read
        criteria = self.env["qms.qrs.criterion"].sudo().browse(sorted(ids))
        return {criterion.id: criterion._get_expected_text() for criterion in criteria}

    @api.model
    def _record(self, vals_list):
        """Keep findings for the user who asked."""
        # sudo: nobody writes findings; each reads his own
        found = self.sudo().create(vals_list)
        return found.with_env(self.env)
