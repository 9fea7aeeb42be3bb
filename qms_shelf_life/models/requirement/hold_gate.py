from odoo import api, models

from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts


class QmsHold(models.Model):
    """Of several minimum shelf lives that goods lack, people read the strictest."""

    _inherit = "qms.hold"

    @api.model
    def _qms_get_unmet(self, goods, moves, copies, date):
        unmet = super()._qms_get_unmet(goods, moves, copies, date)
        return [
            self._qms_keep_strictest(one, move, reasons, date)
            for one, move, reasons in zip(goods, moves, unmet, strict=True)
        ]

    @api.model
    def _qms_keep_strictest(self, goods, move, reasons, date):
        """Leave out what says less than another, for the same line and departure."""
        alike = {}
        for reason in reasons:
            criterion = reason.judgement.criterion
            if criterion.kind == "min_shelf_life":
                key = criterion.line_id, criterion.departure
                alike.setdefault(key, []).append(reason)
        dropped = []
        for some in alike.values():
            if len(some) > 1:
                day = move._qms_get_own_day(date and move.date)
                facts = GoodsFacts(self.env, [goods], date=day)
                strictest = max(some, key=lambda one, f=facts: _get_rank(one, f, goods))
                dropped += [reason for reason in some if reason is not strictest]
        return [reason for reason in reasons if reason not in dropped]


def _get_rank(reason, facts, goods):
    lack = reason.judgement.criterion.sudo()._get_shelf_life_lack(facts, goods)
    # what can't be said at all comes first
    return lack is None, lack or 0
