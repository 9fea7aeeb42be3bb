from odoo import fields, models
from odoo.fields import Domain


class QmsQualityTeam(models.Model):
    """What each team has to do, on the board."""

    _inherit = "qms.quality.team"

    todo_count = fields.Integer(string="To Do", compute="_compute_counts")
    today_count = fields.Integer(string="Due Today", compute="_compute_counts")
    late_count = fields.Integer(string="Late", compute="_compute_counts")
    unassigned_count = fields.Integer(string="Nobody's", compute="_compute_counts")
    laboratory_count = fields.Integer(
        string="At a Laboratory", compute="_compute_counts"
    )

    def _compute_counts(self):
        today = fields.Date.context_today(self)
        late = Domain("date_due", "<", today)
        by_name = {
            "todo_count": self._count_todo(Domain.TRUE),
            "today_count": self._count_todo(Domain("date_due", "=", today)),
            "late_count": self._count_todo(late),
            "unassigned_count": self._count_todo(Domain("user_id", "=", False)),
            "laboratory_count": self._count_todo(Domain("is_at_laboratory", "=", True)),
        }
        for team in self:
            for name, counts in by_name.items():
                team[name] = counts.get(team._origin, 0)

    def _count_todo(self, domain):
        """Return how many open orders of ``domain`` each of these teams has."""
        orders = self.env["qms.quality.order"]
        domain &= orders._get_todo_domain() & Domain("team_id", "in", self.ids)
        return dict(orders._read_group(domain, ["team_id"], ["__count"]))

    # -- Buttons -----------------------------------------------------------------------

    def action_open_todo(self):
        """Open what the team has to do."""
        return self._get_orders_action("todo")

    def action_open_today(self):
        """Open what is due today."""
        return self._get_orders_action("todo", "today")

    def action_open_late(self):
        """Open what is late."""
        return self._get_orders_action("late")

    def action_open_unassigned(self):
        """Open what nobody is responsible for."""
        return self._get_orders_action("todo", "unassigned")

    def action_open_at_laboratory(self):
        """Open what waits for a laboratory."""
        return self._get_orders_action("at_laboratory")

    def action_open_all(self):
        """Open all orders of the team."""
        return self._get_orders_action()

    def _get_orders_action(self, *filters):
        """Return the action that lists the team's orders with these filters set."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.action_qms_quality_order"
        )
        action["context"] = {
            "search_default_team_id": self.id,
            "default_team_id": self.id,
            **{f"search_default_{name}": 1 for name in filters},
        }
        return action
