from odoo import api, models

from odoo.addons.qms_quality.models.gate.transaction import GateReason, as_types


class QmsHold(models.Model):
    """The gate refuses what is shorter than the product's sales minimum."""

    _inherit = "qms.hold"

    @api.model
    def _qms_gate_reasons(self, goods, type, *, move=None, partner=None, date=None):
        answers = super()._qms_gate_reasons(
            goods, type, move=move, partner=partner, date=date
        )
        moves = move if isinstance(move, list) else [move] * len(goods)
        places = self._qms_get_minimum_places(goods, moves, as_types(type))
        if not places:
            return answers
        judged = self.env["stock.move"]._qms_judge_minimum(
            [
                ("blocked", goods[place], move._qms_get_own_day(date and move.date))
                for place in places
                for move in moves[place]
            ]
        )
        for place, judgement in zip(places, judged, strict=True):
            if judgement and judgement.state != "met":
                reasons = [*answers[place], self._prepare_short(judgement)]
                answers[place] = sorted(reasons, key=lambda reason: reason.policy)
        return answers

    @api.model
    def _qms_get_minimum_places(self, goods, moves, types):
        """Return the positions of the goods that the sales minimum may refuse."""
        dated = [
            place
            for place, (one, move) in enumerate(zip(goods, moves, strict=True))
            if move and one.product.use_expiration_date
        ]
        asked = self.env["stock.move"].union(*(moves[place] for place in dated))
        departures = asked._qms_get_minimum_departures() if asked else {}
        return [
            place
            for place in dated
            if departures.get(moves[place]) == "blocked"
            and moves[place].picking_type_id._qms_enforces()
            and moves[place]._qms_is_steered("delivery", types, goods[place].location)
        ]

    @api.model
    def _prepare_short(self, judgement):
        return GateReason(
            "block",
            self.env["qms.inspection.status"],
            self.browse(),
            judgement.criterion.line_id._qms_get_unmet_text(judgement),
            judgement,
        )


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _qms_gate_domain(
        self, type, *, product, location, move=None, partner=None, date=None
    ):
        gate = super()._qms_gate_domain(
            type,
            product=product,
            location=location,
            move=move,
            partner=partner,
            date=date,
        )
        if not move or move._qms_get_minimum_departures().get(move) != "blocked":
            return gate
        if not move.picking_type_id._qms_enforces():
            return gate
        if not move._qms_is_steered("delivery", as_types(type), location):
            return gate
        return gate & move._qms_get_minimum_domain("blocked", date)
