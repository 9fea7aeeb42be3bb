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
        by_day = defaultdict(list)
        for one in asked:
            move = one[0].line.move_id
            by_day[move._qms_get_own_day(move.date)].append(one)
        departures = []
        for day, some in by_day.items():
            judged = everything._qms_judge_all(
                [(copies, goods) for _movement, copies, goods in some], day, self, True
            )
            departures += [
                (movement, judgement.criterion.line_id, judgement)
                for movement, copies, goods in some
                for judgement in judged[copies].get(goods, ())
                if judgement.state != "met"
            ]
        return departures

    @api.model
    def _qms_get_approvals(self, departures):
        """Return for each departure whether it needs an approval.

        :param list departures: see :meth:`_qms_get_departures`
        :return: list of ``given``, ``missing``, or None where none is needed
        """
        # sudo: who moves goods need not be allowed to read what they must meet
        copies = self.env["qms.qrs.document.line"].sudo()
        copies = copies.union(*(copy for _movement, copy, _judgement in departures))
        accepted = copies._qms_get_accepted()

        def get(movement, copy, judgement):
            criterion = judgement.criterion
            if criterion.departure != "approval" or copy.is_ignored:
                return None
            goods = (movement.product.id, movement.lot.id)
            return "given" if goods in accepted.get(criterion, ()) else "missing"

        return [get(*one) for one in departures]

    def _qms_get_unapproved(self):
        """Return the departures of these moves that need an approval not yet given."""
        departures = self._qms_get_departures()
        states = self._qms_get_approvals(departures)
        return [
            one
            for one, state in zip(departures, states, strict=True)
            if state == "missing"
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
