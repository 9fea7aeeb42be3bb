from collections import namedtuple
from datetime import timedelta
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL, format_date

from ..requirement.clocks import by_clock, day_sql, get_clock, get_clocks
from ..requirement.lot_life import get_arrival_day, get_life
from .stock_move_line_delivered import Asked

# Key in the context: of a :class:`LeftOut`, which no client can send.
LEFT_OUT = "qms_fefo_left_out"


class LeftOut(NamedTuple):
    """The moves whose own lots are not looked at."""

    moves: object


# The last of what a partner got of a product: ``moment`` at which it expires, or came
# in; ``lot`` is its number.
Last = namedtuple("Last", "moment lot")


class QmsCriterionMixin(models.AbstractModel):
    """Whether lots go before what a partner got already.

    Compared with the last of all that it got and didn't return, so that nobody can go
    back twice. The same day is fine; so is all while nothing was delivered.
    """

    _inherit = "qms.criterion.mixin"

    # -- What was delivered before -----------------------------------------------------

    def _get_last(self, facts):
        """Return ``{(partner id, product id): Last}``, read once for all goods."""
        flow, company = self._get_flow(), self.company_id.sudo()
        # of goods that are known their own products are read, else the order line's
        line = None if facts.goods else self.line_id
        key = self.kind, flow, company.id, line
        return facts.remember(
            key, lambda whole: self._read_last(whole, self._get_asked(whole))
        )

    def _get_asked(self, whole):
        """Return what to look for: what the goods' products went to their partners."""
        products = self._get_history_products(whole)
        until = None
        if whole.given_date:
            clock = get_clocks(whole)[False]
            if whole.goods:
                clock = get_clock(whole, whole.goods[0].location)
            following = clock.day + timedelta(days=1)
            until = clock.warehouse._qms_get_day_start(following)
        return Asked(
            "supplier" if self._get_flow() == "purchase" else "customer",
            whole.partners,
            products,
            self.company_id.sudo(),
            until,
            self._get_left_out(whole),
        )

    def _get_left_out(self, whole):
        """Return the moves that are being posted, whose lots aren't of before."""
        if whole.moves:
            return whole.moves.sudo()
        left_out = whole.env.context.get(LEFT_OUT)
        nothing = self.env["stock.move"].sudo()
        return left_out.moves if isinstance(left_out, LeftOut) else nothing

    def _get_history_products(self, whole):
        """Return the products to look for: the goods', or those of the order line."""
        products = self.env["product.product"].sudo()
        if whole.goods:
            products = products.union(*(one.product.sudo() for one in whole.goods))
        elif self.line_id._name == "qms.qrs.document.line":
            products = self.line_id.sudo()._qms_get_moved_products()
        else:
            products = self.line_id.sudo()._qms_get_products()
        if self.kind == "fefo":
            return products.filtered("use_expiration_date")
        return products.filtered(lambda one: one.tracking != "none")

    def _read_last(self, whole, asked):
        # sudo: what a partner got doesn't depend on who asks
        lines = self.env["stock.move.line"].sudo()
        if "done" in asked.moves.mapped("state"):
            self.env["qms.fefo.turn"].sudo()._take(asked.partners, asked.products)
        delivered = lines._qms_get_delivered(asked)
        lots = self.env["stock.lot"].sudo()
        lots = lots.browse(dict.fromkeys(lot_id for *_, lot_id in delivered))
        if self.kind == "fefo":
            moments = {lot.id: lot.expiration_date for lot in lots}
        else:
            moments = lines._qms_get_first_arrivals(lots)
        found = {}
        for partner_id, product_id, lot_id in delivered:
            moment, key = moments.get(lot_id), (partner_id, product_id)
            if moment and (key not in found or moment > found[key].moment):
                found[key] = Last(moment, lots.browse(lot_id).name)
        return found

    # -- For goods at hand -------------------------------------------------------------

    def _judge_fefo(self, facts):
        return [self._judge_order_of(facts, goods) for goods in facts.goods]

    def _judge_fifo(self, facts):
        return [self._judge_order_of(facts, goods) for goods in facts.goods]

    def _judge_order_of(self, facts, goods):
        """Return state and what was found of one of the goods."""
        product = goods.product.sudo()
        last = self._get_last(facts).get((facts.partner.id, product.id))
        if not last:
            return "met", ""
        day = self._get_order_day(facts, goods)
        if not day:
            return "missing", self._get_missing_text("expiry" if goods.lot else "lot")
        clock = get_clock(facts, goods.location)
        last_day = clock.warehouse._qms_get_day(last.moment)
        texts = {
            "fefo": self.env._("expires on %(date)s; %(lot)s of before on %(last)s"),
            "fifo": self.env._("came in on %(date)s; %(lot)s of before on %(last)s"),
        }
        found = texts[self.kind] % {
            "date": format_date(self.env, day),
            "lot": last.lot,
            "last": format_date(self.env, last_day),
        }
        return ("met" if day >= last_day else "departs"), found

    def _get_order_day(self, facts, goods):
        """Return the day of a lot that counts, None where it isn't known."""
        if not goods.lot:
            return None
        if self.kind == "fefo":
            return get_life(facts, goods).expiry
        return get_arrival_day(facts, goods)

    # -- For stock ---------------------------------------------------------------------

    def _get_fefo_domain(self, facts):
        return self._get_order_domain(facts, self._get_expiry_sql)

    def _get_fifo_domain(self, facts):
        return self._get_order_domain(facts, self._get_arrival_sql)

    def _get_order_domain(self, facts, condition):
        last = {
            product_id: one
            for (partner_id, product_id), one in self._get_last(facts).items()
            if partner_id == facts.partner.id
        }

        def to_sql(model, alias, _query):
            model.flush_model(["expiration_date"])
            self.env["stock.move.line"].flush_model()
            product = SQL.identifier(alias, "product_id")
            whens = [
                SQL(
                    "WHEN %s = %s THEN (%s) IS TRUE",
                    product,
                    product_id,
                    by_clock(
                        facts,
                        alias,
                        lambda clock, one=one: condition(alias, clock, one.moment),
                    ),
                )
                for product_id, one in last.items()
            ]
            if not whens:
                return SQL("TRUE")
            return SQL("(CASE %s ELSE TRUE END)", SQL(" ").join(whens))

        return self._get_custom_domain(facts, to_sql)

    def _get_expiry_sql(self, alias, clock, moment):
        warehouse = clock.warehouse
        return SQL(
            "%s >= %s",
            SQL.identifier(alias, "expiration_date"),
            warehouse._qms_get_day_start(warehouse._qms_get_day(moment)),
        )

    def _get_arrival_sql(self, alias, clock, moment):
        lines = self.env["stock.move.line"].sudo()
        lot = SQL.identifier(alias, "lot_id")
        arrived = SQL(
            "(SELECT MIN(l.date) FROM %s)",
            lines._qms_get_arrivals_sql(SQL("l.lot_id = %s", lot)),
        )
        return SQL(
            "%s IS NOT NULL AND COALESCE(%s, %s) >= %s",
            lot,
            day_sql(arrived, clock),
            clock.day,
            clock.warehouse._qms_get_day(moment),
        )
