from collections import defaultdict
from datetime import date
from itertools import combinations

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...turns import take_turns


class QmsQrs(models.Model):
    """Two active cards never say different things of the same goods.

    They clash where they name the same partner and the same target, at the same place,
    on the same days. A card for a place and one for everywhere don't: the place wins.
    """

    _inherit = "qms.qrs"

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for card in self:
            if card.date_from and card.date_to and card.date_to < card.date_from:
                raise ValidationError(
                    self.env._(
                        "%(card)s ends on %(end)s, before it begins on %(begin)s.",
                        card=card.display_name,
                        end=format_date(self.env, card.date_to),
                        begin=format_date(self.env, card.date_from),
                    )
                )

    def _get_double_targets(self):
        """Return problems of lines of one card that are about the same, as texts."""
        texts = []
        for card in self:
            groups = card.line_ids.grouped(lambda line: line._get_target()).values()
            texts += [
                self.env._("two lines are about %s.", lines[0].display_name)
                for lines in groups
                if any(one._overlaps(two) for one, two in combinations(lines, 2))
            ]
        return texts

    def _check_clashes(self):
        """Refuse active cards that clash with others, or with one another.

        :raise UserError: names both cards, the target, the dates, place and partner
        """
        self._take_turns()
        texts = [self._get_clash_text(one, other) for one, other in self._get_clashes()]
        if texts:
            raise UserError(
                "\n".join(
                    [
                        self.env._(
                            "Two active cards can't ask for different things of the"
                            " same goods. Change dates, place or target of one, or"
                            " deactivate it."
                        ),
                        *texts,
                    ]
                )
            )

    def _take_turns(self):
        """Let cards of the same companies be put in force one after the other."""
        companies = self.company_id.sudo()
        if any(not card.company_id for card in self):
            # sudo: a card of all companies can clash with those of any
            companies = companies.with_context(active_test=False).search([])
        take_turns(companies)

    def _get_clashes(self):
        """Return pairs of lines of active cards that clash, one of them of ``self``."""
        # sudo: cards of other companies, too, where a card is for all companies
        active = self.sudo().filtered(lambda card: card.state == "active")
        others = active.search(active._get_rival_domain()) if active else active
        by_target = defaultdict(list)
        for line in (active | others).sorted("id").line_ids:
            by_target[line.qrs_id.type, line._get_target()].append(line)
        return [
            (one, other)
            for lines in by_target.values()
            for one, other in combinations(lines, 2)
            if (one.qrs_id in active or other.qrs_id in active) and one._clashes(other)
        ]

    def _get_rival_domain(self):
        return Domain.AND(
            [
                Domain("state", "=", "active"),
                Domain("type", "in", self.mapped("type")),
                Domain("partner_ids", "in", self.partner_ids.ids)
                | Domain("type", "=", "production"),
            ]
        )

    def _get_clash_text(self, one, other):
        partners = one.qrs_id.partner_ids & other.qrs_id.partner_ids
        place = one.qrs_id.location_id.display_name or self.env._("everywhere")
        return "- " + self.env._(
            "%(one)s and %(other)s: %(target)s, %(dates)s, %(place)s%(partners)s",
            one=one.qrs_id.display_name,
            other=other.qrs_id.display_name,
            target=one.display_name,
            dates=one.qrs_id._get_dates_text(other.qrs_id),
            place=place,
            partners="".join(f", {name}" for name in partners.mapped("display_name")),
        )

    def _get_dates_text(self, other):
        """Return the days on which both cards are in force."""
        start, end = self._get_common_dates(other)
        begins = format_date(self.env, start) if start > date.min else False
        ends = format_date(self.env, end) if end < date.max else False
        if begins and ends:
            return self.env._("%(begin)s to %(end)s", begin=begins, end=ends)
        if begins:
            return self.env._("from %s", begins)
        return self.env._("until %s", ends) if ends else self.env._("at all times")

    def _get_common_dates(self, other):
        cards = (self, other)
        return (
            max(card.date_from or date.min for card in cards),
            min(card.date_to or date.max for card in cards),
        )


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    def _clashes(self, other):
        """Tell whether this line and another of the same target can both apply."""
        mine, theirs = self.qrs_id, other.qrs_id
        start, end = mine._get_common_dates(theirs)
        companies = {mine.company_id, theirs.company_id}
        return (
            start <= end
            and mine.location_id == theirs.location_id
            and (len(companies) == 1 or mine.company_id.browse() in companies)
            and (mine.type == "production" or mine.partner_ids & theirs.partner_ids)
            and self._overlaps(other)
        )

    def _overlaps(self, other):
        """Tell whether both are about what goes in, or both about what comes out."""
        return not self.use or not other.use or self.use == other.use
