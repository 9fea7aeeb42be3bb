from odoo import api, fields, models

from ..models.gate.transaction import Goods


class QmsHoldWizardLine(models.TransientModel):
    """One of the goods to hold, or one hold to release."""

    _name = "qms.hold.wizard.line"
    _description = "Goods to Hold or Release"

    wizard_id = fields.Many2one(
        "qms.hold.wizard", required=True, ondelete="cascade", index=True
    )
    hold_id = fields.Many2one("qms.hold", readonly=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    lot_id = fields.Many2one(
        "stock.lot", string="Lot/Serial Number", readonly=True, ondelete="cascade"
    )
    location_id = fields.Many2one(
        "stock.location", string="Place", readonly=True, ondelete="cascade"
    )
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="cascade")
    previous_status_id = fields.Many2one(
        "qms.inspection.status", string="Now", compute="_compute_statuses"
    )
    previous_color = fields.Integer(string="Color Now", compute="_compute_statuses")
    new_status_id = fields.Many2one(
        "qms.inspection.status", string="Then", compute="_compute_statuses"
    )
    new_color = fields.Integer(string="Color Then", compute="_compute_statuses")
    hold_reason = fields.Char(related="hold_id.reason", string="Held because")
    date_placed = fields.Datetime(related="hold_id.date_placed")

    @api.depends("wizard_id.scope", "wizard_id.status_id", "hold_id", "product_id")
    def _compute_statuses(self):
        Hold = self.env["qms.hold"]
        available = Hold.status_id._get_available()
        covering = Hold._get_covering([line._get_goods() for line in self])
        for line, holds in zip(self, covering, strict=True):
            left = holds - line.wizard_id.line_ids._get_holds_to_release(holds)
            previous = holds.status_id._get_strictest() or available
            new = left.status_id | line._get_status_to_place()
            new = new._get_strictest() or available
            line.previous_status_id, line.new_status_id = previous.id, new.id
            line.previous_color, line.new_color = previous.color, new.color

    def _get_holds_to_release(self, holds):
        """Return those of ``holds`` that releasing these lines closes."""
        released = self.hold_id
        return holds.filtered(
            lambda hold: hold._origin in released or hold.root_id in released
        )

    def _get_status_to_place(self):
        """Return the status that the dialog adds, none where it releases."""
        wizard = self.wizard_id
        status = wizard.status_id if wizard.mode == "place" else wizard.status_id[:0]
        return status.sudo()

    def _get_goods(self):
        """Return the goods that the line is about, in the scope that is chosen."""
        self.ensure_one()
        place, package = self.location_id, self.package_id
        if self._is_whole_lot():
            place, package = place.browse(), package.browse()
        return Goods(self.product_id, self.lot_id, place, package)

    def _is_whole_lot(self):
        wizard = self.wizard_id
        return self.lot_id and wizard.mode == "place" and wizard.scope == "lot"

    def _prepare_scope(self):
        """Return the values of the hold that say what it covers.

        Goods in a package are held there, not in their place: the hold moves with it.
        """
        goods = self._get_goods()
        return {
            "product_id": goods.product.id,
            "lot_id": goods.lot.id,
            "location_id": not goods.package and goods.location.id,
            "package_id": goods.package.id,
        }

    def _check_readable(self):
        """Refuse goods and holds that the user may not see, of another company too.

        The dialog's records can be written by a client, so nothing in them is a right.
        """
        for name in ("product_id", "lot_id", "location_id", "package_id", "hold_id"):
            self[name].sudo(False).check_access("read")
