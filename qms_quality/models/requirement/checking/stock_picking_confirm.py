from odoo import api, fields, models


class StockPicking(models.Model):
    """Labels, and certificates that come with goods, are confirmed on the transfer."""

    _inherit = "stock.picking"

    qms_to_confirm = fields.Boolean(compute="_compute_qms_to_confirm")

    @api.depends("move_ids.state", "move_line_ids.lot_id", "move_line_ids.lot_name")
    def _compute_qms_to_confirm(self):
        for picking in self:
            is_open = picking.state not in ("cancel", "draft")
            picking.qms_to_confirm = is_open and bool(picking._qms_get_confirmable())

    def action_qms_confirm_requirements(self):
        """Open the dialog in which a worker confirms what was there.

        :raise AccessError: if the user may not write the transfer
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["qms.qrs.confirm.wizard"]._open(self)

    def _qms_get_confirmable(self):
        """Return what can be confirmed, as ``{(criterion, product, lot number)}``."""
        self.ensure_one()
        copies = self.move_ids._qms_get_requirements()
        confirmable = {
            move: copies[move].criterion_ids.filtered("is_confirmable")
            for move in self.move_ids
        }
        if not any(confirmable.values()):
            return set()
        return {
            (criterion, line.product_id, line.lot_id.name or line.lot_name or False)
            for line in self.move_line_ids
            for criterion in confirmable.get(line.move_id, ())
        }


class QmsQrsDocumentCriterion(models.Model):
    _inherit = "qms.qrs.document.criterion"

    confirmation_ids = fields.One2many("qms.qrs.confirmation", "criterion_id")
    is_confirmable = fields.Boolean(compute="_compute_is_confirmable")

    @api.depends("kind", "line_id.type")
    def _compute_is_confirmable(self):
        for criterion in self:
            # what customers get is a certificate that was issued here
            is_theirs = criterion.line_id.type == "purchase"
            is_certificate = criterion.kind == "certificate" and is_theirs
            criterion.is_confirmable = criterion.kind == "label" or is_certificate
