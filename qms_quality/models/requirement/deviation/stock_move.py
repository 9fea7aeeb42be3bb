from collections import defaultdict

from odoo import api, models

from ...gate.transaction import Goods, goods_of

DIRECTIONS = {"receipt": "in", "delivery": "out"}


class StockMove(models.Model):
    """What of the goods that moves carry departs from what is required."""

    _inherit = "stock.move"

    def _qms_get_departures(self, movements=None):
        """Compare goods with what their order lines ask for.

        A constant number of queries; none where no order has requirements.

        :param list movements: of :class:`Movement`; what these moves reserve if None
        :return: list of ``(Movement, qms.qrs.document.line, Judgement)`` that are not
            met
        """
        found = self._qms_get_requirements()
        if not any(found.values()):
            return []
        if movements is None:
            # with_prefetch: after a flush, core would read the lines one by one
            movements = self.move_line_ids.with_prefetch()._qms_get_movements()
        asked = [
            (movement, copies, self._qms_get_compared_goods(movement))
            for movement in movements
            if (copies := self._qms_get_compared(movement, found))
        ]
        if not asked:
            return []
        everything = asked[0][1].union(*(copies for _movement, copies, _goods in asked))
        everything._qms_read_together()
        judged = everything._qms_judge_all(
            [(copies, goods) for _movement, copies, goods in asked],
            self[:1]._qms_get_own_day(self[:1].date),
            self,
            True,
        )
        return [
            (movement, judgement.criterion.line_id, judgement)
            for movement, copies, goods in asked
            for judgement in judged[copies].get(goods, ())
            if judgement.state != "met"
        ]

    @api.model
    def _qms_filter_unapproved(self, departures):
        """Return the departures that need an approval that isn't given.

        :param list departures: see :meth:`_qms_get_departures`
        """
        asking = [
            one
            for one in departures
            if one[2].criterion.departure == "approval" and not one[1].is_ignored
        ]
        # sudo: who moves goods need not be allowed to read what they must meet
        copies = self.env["qms.qrs.document.line"].sudo()
        accepted = copies.union(*(one[1] for one in asking))._qms_get_accepted()
        return [
            (movement, copy, judgement)
            for movement, copy, judgement in asking
            if (movement.product.id, movement.lot.id)
            not in accepted.get(judgement.criterion, ())
        ]

    def _qms_get_compared(self, movement, found):
        """Return the requirements that a movement is compared with."""
        copies = found.get(movement.line.move_id)
        return copies and copies.filtered(
            lambda copy: copy._qms_get_flow() in movement.types
        )

    def _qms_get_compared_goods(self, movement):
        """Return the goods as they are compared: what arrives, where it arrived."""
        if {"receipt", "output"} & set(movement.types):
            return Goods(
                movement.product,
                movement.lot,
                movement.location_dest,
                movement.package_dest,
            )
        return goods_of(movement)._replace(package=movement.package_dest)

    def _qms_prepare_deviation(self, movement, copy, judgement):
        """Return the values of the deviation of a movement."""
        line = movement.line
        move = line.move_id
        return {
            "company_id": line.company_id.id,
            "document_line_id": copy.id,
            "criterion_id": judgement.criterion.id,
            "departure": judgement.criterion.departure,
            "product_id": movement.product.id,
            "lot_id": movement.lot.id,
            "quantity": movement.quantity,
            "partner_id": copy.partner_id.id,
            "direction": DIRECTIONS.get(copy._qms_get_flow(), "production"),
            "expected": judgement.expected,
            "found": judgement.found,
            "move_line_id": line.id if line.state == "done" else False,
            "picking_id": line.picking_id.id,
            "production_id": (move.raw_material_production_id or move.production_id).id,
            "is_intentional": copy.is_ignored,
            "reason": copy.ignore_reason,
        }

    def _qms_group_by_document(self, departures):
        """Return departures by transfer or manufacturing order."""
        by_document = defaultdict(list)
        for movement, copy, judgement in departures:
            by_document[movement.line._qms_get_document()].append(
                (movement, copy, judgement)
            )
        return by_document
