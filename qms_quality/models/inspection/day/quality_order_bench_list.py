from odoo import api, models
from odoo.fields import Domain

MAX_ORDERS = 60


class QmsQualityOrder(models.Model):
    """The orders that the page at the bench starts with."""

    _inherit = "qms.quality.order"

    @api.model
    def get_bench_orders(self, scope="mine"):
        """Return the open orders, the most urgent first.

        :param str scope: ``"mine"`` for those of the user and those of nobody, else all
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
        return Domain("user_id", "in", (self.env.uid, False))

    def _prepare_bench_card(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "product": self.product_id.display_name or "",
            "lots": self.lot_names or "",
            "about": self.partner_id.display_name
            or ", ".join(self.test_group_ids.mapped("name")),
            "due": self.date_due,
            "is_late": self.is_late,
            "is_urgent": self.priority == "1",
            "progress": self.progress,
        }
