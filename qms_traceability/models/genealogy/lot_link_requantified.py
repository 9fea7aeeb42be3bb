from odoo import fields, models

from .lot_link_sync import KEPT


class QmsLotLink(models.Model):
    """Links between the numbers of one line, which its quantity decides about."""

    _inherit = "qms.lot.link"

    is_emptied = fields.Boolean(
        string="Nothing Left",
        help="Undone as there was nothing left; written anew once there is.",
    )

    def _qms_get_renamings(self):
        """Return those of one line's rows that hold, or else the last that nothing was
        left of."""
        undoing = self.filtered("reverses_id").sorted("id")
        held = self - undoing - undoing.reverses_id
        last = {(row.from_lot_id, row.to_lot_id): row for row in undoing}
        emptied = self.browse().union(*last.values()).filtered("is_emptied").reverses_id
        return held or emptied.sorted("id")

    def _qms_is_between(self, lots):
        """Tell whether this link leads from one of two numbers to the other."""
        return self.from_lot_id | self.to_lot_id == lots

    def _qms_is_of(self, quantity):
        """Tell whether this link says so much; of nothing, whether it is undone."""
        if quantity <= 0:
            return bool(self.undone_by_ids)
        amounts = {"quantity": quantity, "to_quantity": quantity}
        return not self.undone_by_ids and self._qms_has_amounts(amounts)

    def _qms_prepare_again(self, quantity):
        """Return the values of this link with another quantity, written now."""
        self.ensure_one()
        return {
            **self._convert_to_write({name: self[name] for name in KEPT}),
            "quantity": quantity,
            "to_quantity": quantity,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
        }
