from collections import defaultdict

from odoo import models

from ...gate.transaction import Goods
from .disposition import PENDING


class QmsDisposition(models.Model):
    """Which goods a disposition is about: how many are there, and who holds them."""

    _inherit = "qms.disposition"

    def _get_goods(self):
        """Return the goods for the gate: what, and exactly where."""
        self.ensure_one()
        # sudo: an inspector decides, and need not see the whole stock
        row = self.sudo()
        return Goods(row.product_id, row.lot_id, row.location_id, row.package_id)

    def _get_key(self):
        return (*self._get_goods(), self.sudo().owner_id)

    def _get_stock(self):
        """Return the stock that rows are about: ``{row: stock.quant}``. One query."""
        # sudo: see _get_goods
        quants = self.env["stock.quant"].sudo()
        quants = quants.search(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "in", self.location_id.ids),
                ("quantity", ">", 0),
            ]
        )
        found = quants.grouped(
            lambda q: (*q._qms_get_goods()[0], q.owner_id),
        )
        return {row: found.get(row._get_key(), quants.browse()) for row in self}

    def _get_claimed(self):
        """Return how much of the same goods is promised to other rows of the case.

        To a proposal all others count; to one that was approved only its equals.

        :return: ``{row: quantity}``
        """
        cases = self.sudo().nonconformance_id
        others = cases.disposition_ids.filtered(lambda row: row.state in PENDING)
        by_key = others.grouped(lambda row: (row.nonconformance_id, row._get_key()))
        claimed = defaultdict(float)
        for row in self:
            for other in by_key.get((row.nonconformance_id, row._get_key()), ()):
                if other != row and (row.state == "draft" or other.state != "draft"):
                    claimed[row] += other.quantity - other.done_quantity
        return claimed

    def _get_case_holds(self):
        """Return the open holds of its case that cover each row: ``{row: qms.hold}``.

        Roots and what they were extended to, in sudo.
        """
        holds = self.nonconformance_id._get_open_holds()
        matched = holds._match_goods([row._get_goods() for row in self])
        return {
            row: found.filtered(
                lambda hold, row=row: hold.res_id == row.nonconformance_id.id
            )
            for row, found in zip(self, matched, strict=True)
        }
