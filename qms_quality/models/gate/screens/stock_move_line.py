from odoo import api, fields, models

from ..transaction import INSIDE, Goods


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    inspection_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Quality Status",
        compute="_compute_inspection_status_id",
        help="The strictest status that the goods of this line are held in; empty"
        " where nothing holds them.",
    )
    qms_status_color = fields.Integer(compute="_compute_inspection_status_id")

    @api.depends(
        "product_id",
        "lot_id.qms_hold_ids.state",
        "state",
        "location_id",
        "location_dest_id",
        "package_id",
        "result_package_id",
    )
    def _compute_inspection_status_id(self):
        self.inspection_status_id = self.qms_status_color = False
        shown = [(line, line._qms_get_shown_goods()) for line in self]
        shown = [(line, goods) for line, goods in shown if goods]
        covering = self.env["qms.hold"]._get_covering([goods for _line, goods in shown])
        for (line, _goods), holds in zip(shown, covering, strict=True):
            status = holds.status_id._get_strictest()
            line.inspection_status_id = status.id
            line.qms_status_color = status.color

    def _qms_get_shown_goods(self):
        """Return the goods of this line: where it brought them, or takes them from.

        :return: :class:`Goods`, or None where there are none to hold: nothing is
            entered yet, or untracked goods are somewhere else
        """
        self.ensure_one()
        done = self.state == "done"
        location = self.location_dest_id if done else self.location_id
        package = self.result_package_id if done else self.package_id
        if not self.product_id.is_storable:
            return None
        if location.usage in INSIDE:
            return self._qms_prepare_goods(location, package)
        # outside, or not here yet: the lot, wherever it is
        nowhere = self._qms_prepare_goods(location.browse(), package.browse())
        return nowhere if self.lot_id else None

    def _qms_prepare_goods(self, location, package):
        # an open dialog has records without an id, which a query can't find
        return Goods(
            self.product_id._origin,
            self.lot_id._origin,
            location._origin,
            package._origin,
        )
