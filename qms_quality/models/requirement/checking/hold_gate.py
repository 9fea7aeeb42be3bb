from collections import defaultdict

from odoo import api, models

from ...gate.transaction import GateReason, as_types
from .steering import Posting


class QmsHold(models.Model):
    """The gate's answer says what is required, too."""

    _inherit = "qms.hold"

    @api.model
    def _qms_gate_reasons(self, goods, type, *, move=None, partner=None, date=None):
        answers = super()._qms_gate_reasons(
            goods, type, move=move, partner=partner, date=date
        )
        moves = move if isinstance(move, list) else [move] * len(goods)
        copies = self._qms_get_copies(goods, moves, as_types(type))
        if not any(copies):
            return answers
        unmet = self._qms_get_unmet(goods, moves, copies, date)
        return [
            sorted([*reasons, *some], key=lambda reason: reason.policy)
            for reasons, some in zip(answers, unmet, strict=True)
        ]

    @api.model
    def _qms_get_copies(self, goods, moves, types):
        """Return for each of the goods the requirements that it must meet, if any."""
        asked = self.env["stock.move"].union(*(move for move in moves if move))
        found = asked._qms_get_steering() if asked else {}
        none = self.env["qms.qrs.document.line"].sudo()
        if not found:
            return [none] * len(goods)
        return [
            move._qms_filter_steering(found[move], types, one.location)
            if move in found
            else none
            for one, move in zip(goods, moves, strict=True)
        ]

    @api.model
    def _qms_get_unmet(self, goods, moves, copies, date):
        """Return for each of the goods a list of what it doesn't meet."""
        posting = self.env.context.get("qms_posting")
        posting = posting if isinstance(posting, Posting) else None
        asked = self.env["stock.move"].union(*moves)
        everything = copies[0].union(*copies)
        unmet = [{} for _one in goods]
        for day, places in self._qms_group_by_own_day(moves, date).items():
            variants = [
                (place, variant)
                for place in places
                for variant in self._qms_get_variants(
                    goods[place], moves[place], posting
                )
            ]
            judged = everything._qms_judge_goods(
                [(copies[place], variant) for place, variant in variants],
                day,
                posting=asked if posting else None,
            )
            for (place, _variant), judgements in zip(variants, judged, strict=True):
                unmet[place].update(
                    (self._prepare_unmet(copies[place], judgement), None)
                    for judgement in judgements
                )
        return [list(reasons) for reasons in unmet]

    @api.model
    def _qms_group_by_own_day(self, moves, moment):
        """Return the places in ``moves`` that share a day: ``{day: [place]}``.

        Goods are judged by the day of where they are, which is another one in each
        time zone.

        :param list moves: of ``stock.move``, or None
        :param datetime moment: None for the moment of posting; else each move's own
            date counts
        """
        places = defaultdict(list)
        for place, move in enumerate(moves):
            day = move and move._qms_get_own_day(moment and move.date)
            places[day].append(place)
        return places

    @api.model
    def _qms_get_variants(self, goods, move, posting):
        """Return goods as they leave: in which package, where they are posted."""
        packages = posting and posting.packages.get((move, goods))
        return [goods._replace(package=package) for package in packages or ()] or [
            goods
        ]

    @api.model
    def _prepare_unmet(self, copies, judgement):
        criterion = judgement.criterion
        return GateReason(
            "block",
            self.env["qms.inspection.status"],
            self.browse(),
            criterion.line_id._qms_get_unmet_text(judgement),
            judgement,
        )
