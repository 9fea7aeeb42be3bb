from odoo import api, fields, models

from ..sentinel import trusted
from .transaction import TRANSACTION_TYPES


class QmsHoldPermit(models.Model):
    """A decided exception: one hold, type, quantity and move. Spent at posting.

    Made by the checked action that decided it (a split, a scrap, a return), never by
    hand. Nothing else passes a hold.
    """

    _name = "qms.hold.permit"
    _description = "Hold Permit"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_made = "permit"
    _order = "id desc"

    hold_id = fields.Many2one(
        "qms.hold", required=True, readonly=True, index=True, ondelete="restrict"
    )
    transaction_type = fields.Selection(
        TRANSACTION_TYPES, string="For", required=True, readonly=True
    )
    move_id = fields.Many2one(
        "stock.move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(related="move_id.product_id")
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(
        required=True,
        readonly=True,
        digits="Product Unit",
        help="In the product's unit of measure.",
    )
    spent_quantity = fields.Float(string="Used", readonly=True, digits="Product Unit")
    reason = fields.Char(required=True, readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        help="The exception is for goods that go to this partner's company or come"
        " from it. Empty: for whoever the move is for.",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)

    @api.model_create_multi
    def create(self, vals_list):
        permits = super().create(vals_list)
        permits._audit("permit", reason=permits[:1].reason)
        return permits

    @api.model
    def _get_protection_text(self):
        return self.env._("A permit comes from a decision, never from a form.")

    @api.depends("hold_id", "transaction_type")
    def _compute_display_name(self):
        types = dict(self._fields["transaction_type"]._description_selection(self.env))
        for permit in self:
            name = types.get(permit.transaction_type)
            permit.display_name = f"{permit.hold_id.name}: {name}"

    def _spend(self, types, quantity):
        """Use up ``quantity`` for all of ``types``, of as many permits as it takes.

        :param tuple types: the transaction types that the posting asks for
        :param float quantity: in the product's unit of measure
        :return bool: False, and nothing is spent, where the permits don't suffice
        """
        uom = self.move_id.product_id.uom_id[:1]
        by_type = self.grouped("transaction_type")
        fitting = [by_type.get(name, self.browse()) for name in types]
        if any(uom.compare(permits._get_left(), quantity) < 0 for permits in fitting):
            return False
        for permits in fitting:
            permits._take(quantity)
        return True

    def _get_left(self):
        """Return how much these permits still let pass, in the product's unit."""
        return sum(permit.quantity - permit.spent_quantity for permit in self)

    def _take(self, quantity):
        for permit in self:
            taken = min(quantity, permit._get_left())
            if taken > 0:
                permit.spent_quantity += taken
                quantity -= taken

    def _close(self):
        """End these permits: only what was used of them stays."""
        # sudo: nobody writes the ledger
        for permit in trusted(self.sudo()):
            if permit._get_left() > 0:
                permit.quantity = permit.spent_quantity
