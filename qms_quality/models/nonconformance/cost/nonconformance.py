from odoo import api, fields, models


class QmsNonconformance(models.Model):
    """What a case costs."""

    _inherit = "qms.nonconformance"

    cost_ids = fields.One2many(
        "qms.nonconformance.cost", "nonconformance_id", string="Costs", copy=False
    )
    cost_total = fields.Monetary(
        string="Cost",
        compute="_compute_cost_total",
        store=True,
        qms_audit=False,
        help="All costs, less the credit received.",
    )

    @api.model
    def _get_free_fields(self):
        # what each may add to a case that is done is asked of its rows
        return super()._get_free_fields() | {"cost_ids"}

    @api.depends("cost_ids.amount")
    def _compute_cost_total(self):
        for case in self:
            case.cost_total = sum(case.cost_ids.mapped("amount"))

    def action_open_costs(self):
        """Open the costs of these cases."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.action_qms_nonconformance_cost"
        )
        return {
            **action,
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("nonconformance_id", "in", self.ids)],
            "context": {
                "default_nonconformance_id": self.id if len(self) == 1 else False
            },
        }
