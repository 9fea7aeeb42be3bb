from itertools import zip_longest

from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsTrackedAdjustmentLine(models.TransientModel):
    """One registration, and what it should be."""

    _name = "qms.tracked.adjustment.line"
    _description = "Adjusted Registration"

    adjustment_id = fields.Many2one(
        "qms.tracked.adjustment", required=True, ondelete="cascade"
    )
    registration_id = fields.Many2one(
        "qms.tracked.component", required=True, readonly=True, ondelete="cascade"
    )
    finished_lot_id = fields.Many2one(
        related="registration_id.finished_lot_id", string="Finished"
    )
    product_id = fields.Many2one(related="registration_id.product_id")
    product_ids = fields.Many2many("product.product", compute="_compute_product_ids")
    present_lot_id = fields.Many2one(related="registration_id.lot_id", string="Now")
    present_quantity = fields.Float(
        related="registration_id.quantity", string="Registered"
    )
    uom_id = fields.Many2one(related="registration_id.uom_id")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        domain="[('product_id', 'in', product_ids)]",
    )
    quantity = fields.Float(digits="Product Unit", string="Consumption")

    @api.depends("registration_id")
    def _compute_product_ids(self):
        for line in self:
            line.product_ids = line.registration_id._get_products()

    def _is_changed(self):
        self.ensure_one()
        same = self.lot_id == self.present_lot_id
        return not same or self.uom_id.compare(self.quantity, self.present_quantity)

    def _prepare_change(self):
        return {
            "registration": self.registration_id.id,
            "lot": self.lot_id.id,
            "quantity": self.quantity,
        }

    def _exchange(self, others):
        """Let each have what the other has, component by component.

        :return: the lines that the other has nothing for
        """
        left = self | others
        theirs = others.grouped(lambda line: line._get_component())
        for component, own in self.grouped(lambda line: line._get_component()).items():
            if other := theirs.get(component):
                own._put(other.registration_id)
                other._put(own.registration_id)
                left -= own | other
        return left

    def _get_component(self):
        """Return the component that this is, or stands for as a substitute."""
        one = self.registration_id
        return one.move_id.product_id or one.product_id

    def _put(self, registrations):
        """Let these be what is registered elsewhere, be it more or fewer lots."""
        lines = self
        for _missing in registrations[len(self) :]:
            lines += self[-1].copy()
        for line, one in zip_longest(lines, registrations):
            line.lot_id = one.lot_id if one else line.lot_id
            line.quantity = one.quantity if one else 0

    def _adjust(self):
        """Register anew what isn't consumed yet, by the rules of any registration."""
        for line in self:
            one = line.registration_id
            if one.state != "open":
                raise UserError(
                    self.env._("%s was changed meanwhile. Open it again.", one.name)
                )
            one._check_quantity(line.lot_id, line.quantity)
        self.registration_id._replace(
            [(line.registration_id, line.lot_id, line.quantity) for line in self]
        )
