from odoo import fields, models

from ...gate.transaction import INSIDE
from .certified import Certified


class StockLot(models.Model):
    _inherit = "stock.lot"

    qms_certificate_count = fields.Integer(compute="_compute_qms_certificate_count")

    def _compute_qms_certificate_count(self):
        counts = dict(
            self.env["qms.certificate.goods"]._read_group(
                [("lot_ids", "in", self.ids)],
                ["lot_ids"],
                ["certificate_id:count_distinct"],
            )
        )
        for lot in self:
            lot.qms_certificate_count = counts.get(lot._origin, 0)

    def action_qms_certificate(self):
        """Open the dialog that makes the certificate of this lot.

        :raise AccessError: if the user is no inspector
        """
        return self.env["qms.certificate.wizard"]._open(self)

    def action_open_certificates(self):
        """Open the certificates that speak of these lots."""
        return self.env["qms.certificate"]._open_of([("lot_ids", "in", self.ids)])

    def _qms_get_certified(self):
        """Return what a certificate of this lot speaks of: :class:`Certified`."""
        self.ensure_one()
        company = self.company_id or self.env.company
        orders = self.env["qms.quality.order"]
        tests = orders._get_governing_tests(self, company)[self]
        return [Certified(self.product_id, self, tests, 0.0, self.product_id.uom_id)]

    def _qms_with_parents(self):
        """Return these lots and all that they were split from."""
        lots = self.sudo()
        while parents := lots.parent_lot_id - lots:
            lots |= parents
        return lots

    def _qms_inherit_orders(self, by_lot):
        """Return the orders about this lot: its own, and those of before it was split.

        :param dict by_lot: orders about each lot
        """
        child, orders = self.sudo(), by_lot[self]
        while parent := child.parent_lot_id:
            split_on = child.create_date
            orders |= by_lot[parent].filtered(
                lambda order, date=split_on: order.create_date <= date
            )
            child = parent
        return orders

    def _qms_get_certificate_problems(self):
        return []

    def _qms_get_certificate_holds(self, whole_only):
        """Return the open holds that keep these lots from a certificate.

        :param bool whole_only: only holds on the whole lot, not on a part of it
        """
        # sudo: whether a lot is held doesn't depend on who asks
        lots = self.sudo()
        holds = lots.qms_hold_ids.filtered(lambda hold: hold.state == "open")
        if whole_only:
            holds = holds.filtered(lambda hold: hold.scope == "lot")
        else:
            # such as all of a product in a place
            quants = lots.quant_ids.filtered(
                lambda quant: quant.location_id.usage in INSIDE
            )
            holds = holds.union(*holds._get_covering(quants._qms_get_goods()))
        return holds.filtered("blocked_types")

    def _qms_get_expiration(self):
        """Return the date that these lots expire on, if Odoo knows one for all."""
        if "expiration_date" not in self._fields:
            return False
        dates = {fields.Date.to_date(lot.expiration_date) for lot in self}
        return dates.pop() or False if len(dates) == 1 else False
