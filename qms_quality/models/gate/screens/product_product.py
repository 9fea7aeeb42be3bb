from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    qms_open_hold_count = fields.Integer(
        string="Open Holds", compute="_compute_qms_open_hold_count"
    )

    def _compute_qms_open_hold_count(self):
        counts = dict(
            self.env["qms.hold"]._read_group(
                self._qms_get_hold_domain(), ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.qms_open_hold_count = counts.get(product._origin, 0)

    def _qms_get_hold_domain(self):
        """Return the domain of the open holds on these products."""
        return [
            ("product_id", "in", self.ids),
            ("state", "=", "open"),
            ("root_id", "=", False),
        ]

    def action_qms_open_holds(self):
        """Open the holds of these products, the open ones first in view."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_hold_action"
        )
        return dict(action, domain=[("product_id", "in", self.ids)])
