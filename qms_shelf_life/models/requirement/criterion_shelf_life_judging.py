from odoo import models
from odoo.tools import SQL, format_date

from .clocks import by_clock, day_sql, get_clock
from .lot_life import get_life


class QmsCriterionMixin(models.AbstractModel):
    """Whether lots have the shelf life that is asked for."""

    _inherit = "qms.criterion.mixin"

    def _get_of_stock(self):
        return super()._get_of_stock() | {"min_shelf_life"}

    def _get_dated(self):
        """Return the kinds that ask for dates of products that use them."""
        return {"min_shelf_life"}

    def _filter_dated(self):
        dated = self._get_dated()
        return self.filtered(lambda criterion: criterion.kind in dated)

    def _qms_asks_shelf_life(self):
        """Tell whether these say themselves what shelf life must be left."""
        return "min_shelf_life" in self.mapped("kind")

    def _qms_get_unmet_words(self, facts):
        """Return what goods don't meet of these criteria, as one line for people."""
        return "; ".join(
            f"{one.expected} ({one.found})"
            for one in self._qms_judge(facts).values()
            if one.state != "met"
        )

    # -- For goods at hand -------------------------------------------------------------

    def _judge_min_shelf_life(self, facts):
        rule = self._get_shelf_life_rule()
        return [self._judge_life(rule, facts, goods) for goods in facts.goods]

    def _judge_life(self, rule, facts, goods):
        """Return state and what was found of one of the goods.

        What has no expiration dates can't be asked for them.
        """
        if not self._is_dated(goods):
            return "met", ""
        life = get_life(facts, goods) if goods.lot else None
        missing = rule.get_missing(life) if life else "lot"
        if missing:
            return "missing", self._get_missing_text(missing)
        day = get_clock(facts, goods.location).day
        state = "met" if rule.get_lack(life, day) <= 0 else "departs"
        return state, self._get_life_text(rule, life, day)

    def _is_dated(self, goods):
        """Tell whether the goods are of a kind that has dates."""
        product = goods.product.sudo()
        has_lots = goods.lot or product.tracking != "none"
        return product.use_expiration_date and has_lots

    def _get_missing_text(self, missing):
        return {
            "lot": self.env._("lot not recorded"),
            "expiry": self.env._("expiration date not recorded"),
            "production": self.env._("production date not recorded"),
        }[missing]

    def _get_life_text(self, rule, life, day):
        """Return what a lot's dates are, in the words in which they are asked for."""
        if rule.basis == "age":
            return self.env._(
                "made on %(date)s, %(days)s days old",
                date=format_date(self.env, life.production),
                days=(day - life.production).days,
            )
        left = (life.expiry - day).days
        expiry = format_date(self.env, life.expiry)
        if rule.basis == "remaining":
            return self.env._(
                "expires on %(date)s, %(days)s days left", date=expiry, days=left
            )
        return self.env._(
            "expires on %(date)s, %(days)s of %(whole)s days left",
            date=expiry,
            days=left,
            whole=(life.expiry - life.start).days,
        )

    def _get_shelf_life_lack(self, facts, goods):
        """Return how many days goods lack, None where that can't be said."""
        rule = self._get_shelf_life_rule()
        life = get_life(facts, goods) if goods.lot else None
        if not life or rule.get_missing(life):
            return None
        return rule.get_lack(life, get_clock(facts, goods.location).day)

    # -- For stock ---------------------------------------------------------------------

    def _get_min_shelf_life_domain(self, facts):
        rule = self._get_shelf_life_rule()
        condition = {
            "remaining": self._get_remaining_sql,
            "percent": self._get_percent_sql,
            "age": self._get_age_sql,
        }[rule.basis]

        def to_sql(model, alias, _query):
            model.flush_model(["expiration_date"])
            self.env["stock.lot"].flush_model()
            self.env["product.template"].flush_model(["use_expiration_date"])
            return SQL(
                "((%s) IS TRUE OR NOT %s)",
                by_clock(facts, alias, lambda clock: condition(rule, alias, clock)),
                self._get_dated_sql(alias),
            )

        return self._get_custom_domain(facts, to_sql)

    def _get_dated_sql(self, alias):
        return SQL(
            """EXISTS (
                   SELECT 1 FROM product_product p
                   JOIN product_template t ON t.id = p.product_tmpl_id
                   WHERE p.id = %s AND t.use_expiration_date
                     AND (t.tracking <> 'none' OR %s IS NOT NULL))""",
            SQL.identifier(alias, "product_id"),
            SQL.identifier(alias, "lot_id"),
        )

    def _get_remaining_sql(self, rule, alias, clock):
        """Compare with the first moment of the first day that does."""
        first = rule.get_earliest_expiry(clock.day)
        return SQL(
            "%s >= %s",
            SQL.identifier(alias, "expiration_date"),
            clock.warehouse._qms_get_day_start(first),
        )

    def _get_age_sql(self, rule, alias, clock):
        return SQL(
            "(SELECT l.qms_production_date FROM stock_lot l WHERE l.id = %s) >= %s",
            SQL.identifier(alias, "lot_id"),
            rule.get_earliest_production(clock.day),
        )

    def _get_percent_sql(self, rule, alias, clock):
        """Compare the days that are left with those of the whole life."""
        lines = self.env["stock.move.line"].sudo()
        lines.flush_model()
        lot = SQL.identifier(alias, "lot_id")
        arrived = SQL(
            "(SELECT MIN(l.date) FROM %s)",
            lines._qms_get_arrivals_sql(SQL("l.lot_id = %s", lot)),
        )
        return SQL(
            """(SELECT life.expiry > life.start
                   AND 100 * (life.expiry - %(day)s) >=
                       %(percent)s * (life.expiry - life.start)
                FROM (SELECT %(expiry)s AS expiry,
                             COALESCE(o.qms_production_date, %(arrived)s, %(day)s)
                                 AS start
                      FROM stock_lot o WHERE o.id = %(lot)s) life)""",
            day=clock.day,
            percent=rule.percent,
            expiry=day_sql(SQL("o.expiration_date"), clock),
            arrived=day_sql(arrived, clock),
            lot=lot,
        )
