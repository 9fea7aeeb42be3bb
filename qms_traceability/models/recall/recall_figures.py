from collections import defaultdict

from odoo import api, fields, models

STEPS = {
    "hours_analysed": "date_analysed",
    "hours_contained": "date_contained",
    "hours_told": "date_told",
    "hours_closed": "date_closed",
}


class QmsRecall(models.Model):
    """How long each step took, and how well it worked."""

    _inherit = "qms.recall"

    hours_analysed = fields.Float(
        string="Hours until Analysed",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        qms_audit=False,
    )
    hours_contained = fields.Float(
        string="Hours until Contained",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        qms_audit=False,
    )
    hours_told = fields.Float(
        string="Hours until Told",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        qms_audit=False,
    )
    hours_closed = fields.Float(
        string="Hours until Closed",
        compute="_compute_hours",
        store=True,
        aggregator="avg",
        qms_audit=False,
    )
    told_share = fields.Float(string="Customers Reached", compute="_compute_shares")
    answered_share = fields.Float(
        string="Customers Answered", compute="_compute_shares"
    )
    recovered_share = fields.Float(
        string="Goods Recovered",
        compute="_compute_shares",
        help="Of what customers got, what they returned or destroyed: the average of"
        " the products.",
    )

    @api.depends("date_opened", *STEPS.values())
    def _compute_hours(self):
        for recall in self:
            for name, date in STEPS.items():
                spent = recall[date] and recall[date] - recall.date_opened
                recall[name] = spent.total_seconds() / 3600 if spent else 0

    @api.depends(
        "customer_ids.state",
        "customer_ids.line_ids.came_back",
        "customer_ids.line_ids.returned",
        "customer_ids.line_ids.destroyed",
        "customer_ids.line_ids.delivered",
    )
    def _compute_shares(self):
        for recall in self:
            count = len(recall.customer_ids)
            recall.told_share = recall.told_count / count if count else 0
            recall.answered_share = recall.answered_count / count if count else 0
            recall.recovered_share = recall._get_recovered_share()

    def _get_recovered_share(self):
        """Return which part of the goods came back or was destroyed.

        Each product counts as one: their units can't be added up.
        """
        delivered, back = defaultdict(float), defaultdict(float)
        for line in self.customer_ids.line_ids:
            product = line.product_id
            delivered[product] += line.delivered
            answered = line.customer_id.state == "answered"
            back[product] += (
                line._get_back() + line.destroyed if answered else line.came_back
            )
        shares = [back[one] / total for one, total in delivered.items() if total > 0]
        return sum(shares) / len(shares) if shares else 0

    # -- Buttons of the form -----------------------------------------------------------

    def action_open_lots(self):
        """Open the affected lots with their mass balance."""
        return self._open_parts("qms_recall_lot_action")

    def action_open_customers(self):
        """Open the notices to customers."""
        return self._open_parts("qms_recall_customer_action")

    def action_open_deliveries(self):
        """Open the deliveries of affected goods."""
        return self._open_parts("qms_recall_delivery_action")

    def action_open_holds(self):
        """Open the holds of this recall."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_hold_action"
        )
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {}}

    def _open_parts(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"qms_traceability.{name}"
        )
        domain = [("recall_id", "in", self.ids)]
        return {**action, "domain": domain, "context": {"qms_of_recall": True}}
