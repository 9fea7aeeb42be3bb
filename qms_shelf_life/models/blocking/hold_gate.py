from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.qms_quality.models.gate.transaction import as_types

from .expiry_policy import ExpiredReason, MissingReason, NearReason


class Asked(NamedTuple):
    """For what, where and when goods are asked for."""

    types: tuple
    warehouse: models.BaseModel
    day: object
    today: object


class QmsHold(models.Model):
    """The gate's answer says what dates refuse, too. It compares them itself."""

    _inherit = "qms.hold"

    @api.model
    def _qms_gate_reasons(self, goods, type, *, move=None, partner=None, date=None):
        answers = super()._qms_gate_reasons(
            goods, type, move=move, partner=partner, date=date
        )
        if not any(one.product.use_expiration_date for one in goods):
            return answers
        moves = move if isinstance(move, list) else [move] * len(goods)
        found = self._qms_get_date_reasons(goods, as_types(type), moves, partner, date)
        return [
            sorted([*reasons, *dated], key=lambda reason: reason.policy)
            for reasons, dated in zip(answers, found, strict=True)
        ]

    @api.model
    def _qms_get_date_reasons(self, goods, types, moves, partner=None, date=None):
        """Return what their dates say against goods.

        :param list goods: of ``Goods``
        :param tuple types: transaction types that must all allow the goods
        :param list moves: the ``stock.move`` of each, or None
        :param partner: ``res.partner`` that they go to
        :param datetime date: when they will be used, which is never before today; now
            if empty. Goods with a move are judged on the move's own date then.
        :return: for each of the goods a list of :class:`DateReason`
        """
        reasons = [[] for _one in goods]
        for asked, places in self._qms_group_by_day(goods, types, moves, date).items():
            products = self.env["product.product"].union(
                *(goods[place].product for place in places)
            )
            policies = products._qms_get_expiry_rules(asked.warehouse)
            limits = {}
            for place in places:
                one = goods[place]
                reasons[place] = self._qms_judge_date(
                    one, policies[one.product], asked, moves[place], partner, limits
                )
        return reasons

    @api.model
    def _qms_group_by_day(self, goods, types, moves, date):
        """Return which places in ``goods`` are judged alike: ``{Asked: [place]}``."""
        groups = defaultdict(list)
        for place, (one, move) in enumerate(zip(goods, moves, strict=True)):
            product = one.product
            if product.use_expiration_date and product.tracking != "none":
                moment = move._qms_get_use_date() if date and move else date or None
                company = (
                    (move and move.company_id)
                    or one.location.company_id
                    or self.env.company
                )
                warehouse = one.location._qms_get_calendar(company)
                groups[warehouse.id, company.id, moment].append((place, warehouse))
        return {
            self._qms_prepare_asked(types, found[0][1], moment): [
                place for place, _warehouse in found
            ]
            for (*_where, moment), found in groups.items()
        }

    @api.model
    def _qms_prepare_asked(self, types, warehouse, moment):
        today = warehouse._qms_get_day()
        day = max(today, warehouse._qms_get_day(moment)) if moment else today
        return Asked(types, warehouse, day, today)

    @api.model
    def _qms_judge_date(self, goods, policy, asked, move, partner, limits):
        """Return what the date of one lot says, as a list of :class:`DateReason`.

        :param dict limits: filled with the moments that dates are compared with
        """
        # sudo: the answer doesn't depend on who asks
        lot = goods.lot.sudo()
        expiry, days = lot.expiration_date, policy.get_days(asked.types)
        if not expiry:
            missing = policy.get_missing(asked.types)
            return self._qms_get_missing_reasons(missing)
        if days is None:
            return []
        for number in (0, days):
            if number not in limits:
                limits[number] = asked.warehouse._qms_get_expiry_limit(
                    asked.day, number
                )
        if expiry < limits[0]:
            return [self._qms_prepare_reason(ExpiredReason, lot, asked)]
        if expiry < limits[days] and not lot._qms_is_released(move, partner):
            return [self._qms_prepare_reason(NearReason, lot, asked, days)]
        return []

    @api.model
    def _qms_get_missing_reasons(self, policy):
        if policy == "allow":
            return []
        text = self.env._("No expiration date, which these goods should have")
        return [MissingReason(policy, self._qms_no_status(), self.browse(), text)]

    @api.model
    def _qms_prepare_reason(self, make, lot, asked, days=0):
        expiry = lot._qms_get_expiry_day(asked.warehouse)
        text = self._qms_get_date_text(expiry, asked, days)
        return make("block", self._qms_no_status(), self.browse(), text)

    @api.model
    def _qms_no_status(self):
        return self.env["qms.inspection.status"]

    @api.model
    def _qms_get_date_text(self, expiry, asked, days):
        """Return why a date refuses, for people."""
        words = {
            "expiry": self._qms_format_day(expiry),
            "day": self._qms_format_day(asked.day),
            "stop": self._qms_format_day(expiry - timedelta(days=days)),
        }
        if expiry < asked.today:
            return self.env._("Expired on %(expiry)s", **words)
        if expiry < asked.day:
            return self.env._(
                "Expires on %(expiry)s, before it is used on %(day)s", **words
            )
        return self.env._(
            "Expires on %(expiry)s: not to be picked from %(stop)s on", **words
        )

    @api.model
    def _qms_format_day(self, day):
        """Return a day with its month's name, which nobody misreads."""
        return format_date(self.env, day, date_format="d MMM y")
