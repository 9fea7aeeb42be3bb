from odoo import models


class QmsQualityOrder(models.Model):
    """Lots that were split off the lots of an order after it was made."""

    _inherit = "qms.quality.order"

    def _get_parts(self):
        """Return the lots that were split off this order's lots since it was made, and
        off those in turn, in sudo; without parts that somebody accepted.

        A query for each generation.
        """
        self.ensure_one()
        # sudo: what is held doesn't depend on which lots one may read
        lots = self.env["stock.lot"].sudo()
        parts, parents = lots, self.lot_ids.sudo()
        accepted = self._get_accepted_parts()
        while parents:
            parents = lots.search(
                [
                    ("parent_lot_id", "in", parents.ids),
                    ("create_date", ">=", self.create_date),
                    ("id", "not in", (accepted | parts | self.lot_ids).ids),
                ]
            )
            parts |= parents
        return parts

    def _get_accepted_parts(self):
        """Return the lots that are free, whatever becomes of this order. Extension
        point."""
        return self.env["stock.lot"]

    def _get_goods_and_parts(self):
        """Return what this order is about, as values of ``qms.hold``, with the lots
        that were split off since."""
        goods = self._get_goods()
        of_lots = [one for one in goods if one.get("lot_id")]
        if not of_lots:
            return goods
        # in the same place as the lot, if that is held in one only
        return goods + [dict(of_lots[0], lot_id=part.id) for part in self._get_parts()]
