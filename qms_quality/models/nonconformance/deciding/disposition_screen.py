from odoo import api, fields, models


class QmsDisposition(models.Model):
    """What the form of a disposition shows and opens."""

    _inherit = "qms.disposition"

    case_state = fields.Selection(
        related="nonconformance_id.state", string="Step of the Case"
    )
    problem = fields.Text(
        string="In the Way",
        compute="_compute_problem",
        compute_sudo=True,
        help="What has to be changed before this can be carried out.",
    )
    move_count = fields.Integer(compute="_compute_move_count", compute_sudo=True)
    order_count = fields.Integer(compute="_compute_order_count", compute_sudo=True)

    @api.depends(
        "state",
        "kind",
        "quantity",
        "lot_id",
        "location_id",
        "package_id",
        "owner_id",
        "partner_id",
        "reason",
        "location_dest_id",
        "product_dest_id",
        "test_group_ids",
        "is_separate",
    )
    def _compute_problem(self):
        self.problem = False
        # as saved: what is being typed is looked at when it is saved
        waiting = self._origin.filtered(lambda row: row.state in ("draft", "approved"))
        problems = waiting._get_problems()
        for row in self:
            texts = problems.get(row._origin)
            row.problem = "\n".join(texts) if texts else False

    def _compute_move_count(self):
        counts = dict(
            self.env["stock.move"]._read_group(
                [("qms_disposition_id", "in", self.ids)],
                ["qms_disposition_id"],
                ["__count"],
            )
        )
        for row in self:
            row.move_count = counts.get(row._origin, 0)

    def _compute_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("disposition_id", "in", self.ids)], ["disposition_id"], ["__count"]
            )
        )
        for row in self:
            row.order_count = counts.get(row._origin, 0)

    def action_open_moves(self):
        """Open the stock moves that carried these out."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.stock_move_action"
        )
        return {
            **action,
            "domain": [("qms_disposition_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_orders(self):
        """Open the quality orders that were made for these."""
        return self.env["qms.quality.order"]._get_action(
            [("disposition_id", "in", self.ids)], {"create": False}
        )
