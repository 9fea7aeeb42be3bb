from odoo import api, models

from ...sentinel import is_trusted


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
        # the system's own writing touches all lots at once, see below
        if not is_trusted(self.env):
            rows._qms_touch_lots(rows.lot_id)
        return rows

    def write(self, vals):
        lots = self.lot_id
        res = super().write(vals)
        if not is_trusted(self.env):
            self._qms_touch_lots(lots | self.lot_id)
        return res

    @api.model
    def _qms_record(self, values):
        rows = super()._qms_record(values)
        rows._qms_touch_lots(rows.lot_id)
        return rows

    def _correct(self, value, reason):
        lots = self.lot_id
        res = super()._correct(value, reason)
        self._qms_touch_lots(lots)
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
