from odoo import models

from odoo.addons.qms_quality.models.gate.transaction import goods_of


class StockMove(models.Model):
    """What was delivered with less than the sales minimum is a deviation."""

    _inherit = "stock.move"

    def _qms_get_departures(self, movements=None):
        return [
            *super()._qms_get_departures(movements),
            *self._qms_get_minimum_shortfalls(movements),
        ]

    def _qms_get_minimum_shortfalls(self, movements=None):
        """Return ``(Movement, no requirement, Judgement)`` of what is too short."""
        departures = self._qms_get_minimum_departures()
        if not departures:
            return []
        if movements is None:
            movements = self.move_line_ids.with_prefetch()._qms_get_movements()
        asked = [
            movement
            for movement in movements
            if movement.line.move_id in departures and "delivery" in movement.types
        ]
        judged = self._qms_judge_minimum(
            [
                (departures[move], goods_of(one), move._qms_get_own_day(move.date))
                for one in asked
                for move in one.line.move_id
            ]
        )
        none = self.env["qms.qrs.document.line"].sudo()
        return [
            (movement, none, judgement)
            for movement, judgement in zip(asked, judged, strict=True)
            if judgement and judgement.state != "met"
        ]

    def _qms_prepare_deviation(self, movement, copy, judgement):
        if copy:
            return super()._qms_prepare_deviation(movement, copy, judgement)
        line = movement.line
        return {
            "company_id": line.company_id.id,
            "departure": judgement.criterion.departure,
            "product_id": movement.product.id,
            "lot_id": movement.lot.id,
            "quantity": movement.quantity,
            "partner_id": line._qms_partner().commercial_partner_id.id,
            "direction": "out",
            "expected": judgement.expected,
            "found": judgement.found,
            "is_intentional": False,
            "move_line_id": line.id if line.state == "done" else False,
            "picking_id": line.picking_id.id,
        }


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_record_departures(self, departures, late=False):
        """Record a sales minimum that isn't met once, however often it is posted."""
        lines = [one[0].line.id for one in departures if not one[1]]
        if lines:
            # sudo: whoever posts need not be allowed to read deviations
            found = self.env["qms.deviation"].sudo()
            domain = [("move_line_id", "in", lines), ("criterion_id", "=", False)]
            known = {(one.move_line_id, one.lot_id) for one in found.search(domain)}
            departures = [
                one
                for one in departures
                if one[1] or (one[0].line.sudo(), one[0].lot.sudo()) not in known
            ]
        return super()._qms_record_departures(departures, late=late)


class QmsQrsDocumentLine(models.Model):
    _inherit = "qms.qrs.document.line"

    def _qms_get_who(self):
        if self:
            return super()._qms_get_who()
        return self.env._("the sales minimum")

    def _qms_get_unmet_text(self, judgement):
        if self:
            return super()._qms_get_unmet_text(judgement)
        return self.env._(
            "Sales minimum of the product: %(expected)s. Found: %(found)s",
            expected=judgement.expected,
            found=judgement.found,
        )
