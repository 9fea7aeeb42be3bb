from odoo import api, fields, models


class QmsNonconformance(models.Model):
    """What the buttons on a case open."""

    _inherit = "qms.nonconformance"

    order_count = fields.Integer(string="Orders Made", compute="_compute_order_count")
    has_approved = fields.Boolean(compute="_compute_has_approved")

    def _compute_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("nonconformance_id", "in", self.ids)],
                ["nonconformance_id"],
                ["__count"],
            )
        )
        for case in self:
            case.order_count = counts.get(case._origin, 0)

    @api.depends("disposition_ids.state")
    def _compute_has_approved(self):
        for case in self:
            case.has_approved = "approved" in case.disposition_ids.mapped("state")

    @api.model
    def _get_action(self, domain, context=None):
        """Return the action that shows the cases of ``domain``; the form, of one."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.qms_nonconformance_action"
        )
        action.update(domain=domain, context=context or {})
        cases = self.search(domain, limit=2)
        if len(cases) == 1:
            action.update(views=[(False, "form")], res_id=cases.id)
        return action

    def action_open_quality_order(self):
        """Open the quality order that failed."""
        self.ensure_one()
        return self.quality_order_id._get_records_action(
            name=self.env._("Quality Order")
        )

    def action_open_orders(self):
        """Open the quality orders that were made for this case."""
        self.ensure_one()
        return self.env["qms.quality.order"]._get_action(
            [("nonconformance_id", "in", self.ids)], {"create": False}
        )

    def action_open_holds(self):
        """Open the holds of these cases, open and released."""
        holds = self.env["qms.hold"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        return holds._get_records_action(name=self.env._("Holds"))

    def action_open_held_stock(self):
        """Open the stock that these cases hold."""
        return self._get_open_holds().sudo(False).action_open_quants()
