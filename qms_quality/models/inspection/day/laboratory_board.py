from odoo import fields, models
from odoo.fields import Domain


class QmsLaboratory(models.Model):
    """Which results each laboratory still owes, on the board."""

    _inherit = "qms.laboratory"

    todo_count = fields.Integer(string="To Come", compute="_compute_counts")
    today_count = fields.Integer(string="Due Today", compute="_compute_counts")
    late_count = fields.Integer(string="Late", compute="_compute_counts")

    def _compute_counts(self):
        today = fields.Date.context_today(self)
        by_name = {
            "todo_count": self._count_todo(Domain.TRUE),
            "today_count": self._count_todo(Domain("order_id.date_due", "=", today)),
            "late_count": self._count_todo(Domain("order_id.date_due", "<", today)),
        }
        for laboratory in self:
            for name, counts in by_name.items():
                laboratory[name] = counts.get(laboratory._origin, 0)

    def _count_todo(self, domain):
        """Return for how many open orders of ``domain`` each still owes a reading."""
        tests = self.env["qms.quality.order.test"]
        missing = tests._get_missing_domain() & Domain("laboratory_id", "in", self.ids)
        groups = tests._read_group(
            missing & domain, ["laboratory_id"], ["order_id:count_distinct"]
        )
        return dict(groups)

    # -- Buttons -----------------------------------------------------------------------

    def action_open_todo(self):
        """Open the orders that wait for this laboratory."""
        return self._get_orders_action("todo")

    def action_open_today(self):
        """Open the orders that wait for this laboratory, and are due today."""
        return self._get_orders_action("todo", "today")

    def action_open_late(self):
        """Open the orders that wait for this laboratory, and are late."""
        return self._get_orders_action("late")

    def _get_orders_action(self, *filters):
        """Return the action that lists the orders with these filters set."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.action_qms_quality_order"
        )
        missing = self.env["qms.quality.order.test"]._get_missing_domain()
        owed = missing & Domain("laboratory_id", "=", self.id)
        action["domain"] = list(Domain("test_ids", "any", owed))
        action["context"] = {f"search_default_{name}": 1 for name in filters}
        action["display_name"] = self.env._("Waiting for %s", self.name)
        return action
