from odoo import api, models


class QmsLotAttribute(models.Model):
    """A change of what is known of a lot, and a posting of it, never pass each other.

    A posting locks its lots' rows before it reads what is known of them. As a hold
    does, a change touches those rows: a posting that comes first makes it wait, one
    that comes second waits or runs again, and sees the new value.
    """

    _inherit = "qms.lot.attribute"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._qms_touch_lots(rows.lot_id)
        return rows

    def write(self, vals):
        lots = self.lot_id
        res = super().write(vals)
        self._qms_touch_lots(lots | self.lot_id)
        return res

    def unlink(self):
        lots = self.lot_id
        res = super().unlink()
        self._qms_touch_lots(lots)
        return res

    def _qms_touch_lots(self, lots):
        if lots:
            self.flush_model()
            query = self.env["qms.hold"]._get_bump_query("stock_lot", lots.ids)
            self.env.cr.execute(query)
