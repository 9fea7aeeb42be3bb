from odoo import api, models
from odoo.fields import Domain

MAX_ORDERS = 60


class QmsQualityOrder(models.Model):
    """The orders that the page at the bench starts with."""

    _inherit = "qms.quality.order"

    @api.model
    def get_bench_orders(self, scope="mine"):
        """Return the open orders, the most urgent first.

        :param str scope: ``"mine"`` for those of the user, and those that are nobody's
            in his teams or in no team; else all
        :return: ``{"orders": […], "more": how many aren't shown}``
        :rtype: dict
        """
        domain = Domain("state", "in", ("draft", "open"))
        if scope == "mine":
            domain &= self._get_my_bench_domain()
        orders = self.search(domain, limit=MAX_ORDERS)
        more = self.search_count(domain) - len(orders)
        return {
            "orders": [order._prepare_bench_card() for order in orders],
            "more": more,
        }

    @api.model
    def _get_my_bench_domain(self):
        mine = Domain("user_id", "=", self.env.uid)
        nobodys = Domain("user_id", "=", False)
        teams = Domain("team_id", "=", False)
        teams |= Domain("team_id.member_ids", "in", self.env.uid)
        teams |= Domain("team_id.user_id", "=", self.env.uid)
        return mine | nobodys & teams

    def _prepare_bench_card(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            # what nobody knows the goods of yet
            "product": self.product_id.display_name or self.subject or self.name,
            "lots": self.lot_names or "",
            "about": self.partner_id.display_name
            or ", ".join(self.test_group_ids.mapped("name")),
            "due": self.date_due,
            "is_late": self.is_late,
            "is_urgent": self.priority == "1",
            "progress": self.progress,
        }
