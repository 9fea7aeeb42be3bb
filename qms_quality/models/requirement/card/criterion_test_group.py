from datetime import datetime, time, timedelta

from odoo import models
from odoo.tools import SQL, format_date

from .goods_facts import get_first_version


class QmsCriterionMixin(models.AbstractModel):
    """Criteria about the last inspection of a lot by a test group, in any version."""

    _inherit = "qms.criterion.mixin"

    def _judge_test_group(self, facts):
        group_id = get_first_version(self.test_group_id)
        specs = facts.inspected.get(group_id, {})
        orders = facts.to_inspect.get(group_id, {})
        not_inspected = ("missing", self.env._("not recorded"))

        def judge(lot_id):
            if lot_id in specs:
                return self._judge_spec(specs[lot_id], self._get_since(facts))
            if lot_id in orders:
                order = orders[lot_id].name
                return "pending", self.env._("waits for %(order)s", order=order)
            return not_inspected

        return self._judge_each(facts, judge)

    def _judge_spec(self, spec, since):
        order = spec.order_id
        texts = {
            "passed": self.env._("%(order)s: passed on %(date)s"),
            "failed": self.env._("%(order)s: failed on %(date)s"),
        }
        found = texts[spec.verdict] % {
            "order": order.name,
            "date": format_date(self.env, order.date_validated),
        }
        is_recent = not since or order.date_validated >= since
        return ("met" if spec.verdict == "passed" and is_recent else "departs"), found

    def _get_since(self, facts):
        """Return when the test may have been passed at the earliest, None for ever."""
        if not self.within_days:
            return None
        day = facts.date - timedelta(days=self.within_days)
        return datetime.combine(day, time.min)

    def _get_test_group_domain(self, facts):
        since = self._get_since(facts)
        recent = SQL("o.date_validated >= %s", since) if since else SQL("TRUE")

        def to_sql(lot):
            self.env["qms.quality.order"].flush_model()
            self.env["qms.quality.order.spec"].flush_model()
            return SQL(
                """COALESCE((
                       SELECT s.verdict = 'passed' AND %(recent)s
                       FROM %(origins)s w
                       JOIN qms_quality_order_lot_rel r ON r.lot_id = w.id
                       JOIN qms_quality_order o
                         ON o.id = r.order_id AND o.create_date <= w.until
                       JOIN qms_quality_order_spec s ON s.order_id = o.id
                       JOIN qms_test_group g ON g.id = s.test_group_id
                       WHERE o.state = 'validated'
                         AND COALESCE(g.root_id, g.id) = %(group)s
                         AND s.verdict IS NOT NULL
                       ORDER BY o.date_validated DESC, s.id DESC LIMIT 1), FALSE)""",
                recent=recent,
                origins=self._get_origins_sql(lot),
                group=get_first_version(self.test_group_id) or 0,
            )

        return self._get_lot_domain(facts, to_sql)
