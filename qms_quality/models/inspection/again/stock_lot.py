from odoo import fields, models
from odoo.fields import Domain


class StockLot(models.Model):
    """When a lot is inspected again."""

    _inherit = "stock.lot"

    qms_next_inspection = fields.Datetime(
        string="Next Inspection",
        compute="_compute_qms_next_inspection",
        search="_search_qms_next_inspection",
        help="By the timetable of its quality plan.",
    )

    def _compute_qms_next_inspection(self):
        # sudo: who sees the lot sees its date, too
        orders = self.env["qms.quality.order"].sudo()
        lots = self._origin | self._origin.parent_lot_id
        planned = orders.search(
            Domain("lot_ids", "in", lots.ids) & orders._get_planned_domain("!=", False)
        )
        dates = {}
        for order in planned:
            date = order._get_planned_date()
            for lot_id in order.lot_ids.ids:
                dates[lot_id] = min(dates.get(lot_id, date), date)
        for lot in self:
            # what was split off goes with its lot, unless it has a plan of its own
            date = dates.get(lot._origin.id) or dates.get(lot.parent_lot_id.id)
            lot.qms_next_inspection = date or False

    def _search_qms_next_inspection(self, operator, value):
        if operator not in ("<", "<=", ">", ">=", "in"):
            return NotImplemented
        # sudo: as above
        orders = self.env["qms.quality.order"].sudo()
        if operator == "in" and False in value:
            planned = orders._search(orders._get_planned_domain("!=", False))
            return Domain("qms_quality_order_ids", "not in", planned)
        planned = orders._search(orders._get_planned_domain(operator, value))
        return Domain("qms_quality_order_ids", "in", planned)

    def _qms_get_manufactured(self):
        """Return when these lots were made: when the first of them was produced here,
        or became known. Extension point."""
        produced = (
            self.env["mrp.production"]
            .sudo()
            .search(
                [("lot_producing_ids", "in", self.ids), ("state", "=", "done")],
                order="date_finished",
                limit=1,
            )
        )
        return produced.date_finished or min(self.mapped("create_date"))
