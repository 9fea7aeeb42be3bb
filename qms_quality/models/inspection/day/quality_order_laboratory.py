from odoo import api, fields, models
from odoo.fields import Domain


class QmsQualityOrder(models.Model):
    """Orders for which only a laboratory outside still owes readings."""

    _inherit = "qms.quality.order"

    is_at_laboratory = fields.Boolean(
        string="Waits for a Laboratory",
        compute="_compute_is_at_laboratory",
        search="_search_is_at_laboratory",
        help="All that is left to read is done by a laboratory outside.",
    )

    def _compute_is_at_laboratory(self):
        waiting = self.search(
            Domain("id", "in", self.ids) & self._get_at_laboratory_domain()
        )
        for order in self:
            order.is_at_laboratory = order._origin in waiting

    def _search_is_at_laboratory(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_at_laboratory_domain()

    @api.model
    def _get_at_laboratory_domain(self):
        tests = self.env["qms.quality.order.test"]
        missing = tests._get_missing_domain() & Domain("required", "=", True)
        outside = missing & Domain("laboratory", "=", "external")
        own = missing & Domain("laboratory", "=", "internal")
        return (
            self._get_todo_domain()
            & Domain("test_ids", "any", outside)
            & ~Domain("test_ids", "any", own)
        )
