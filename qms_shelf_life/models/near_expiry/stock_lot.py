from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.qms_quality.models.sentinel import is_trusted


class StockLot(models.Model):
    """What was decided about a lot near its date."""

    _inherit = "stock.lot"

    qms_use_first = fields.Boolean(
        string="Use First",
        readonly=True,
        copy=False,
        help="It was decided to use this lot before others, whatever the removal"
        " strategy says.",
    )
    qms_expiry_decision_ids = fields.One2many(
        "qms.expiry.decision", "lot_id", string="Near Expiry"
    )
    qms_expiry_decision_count = fields.Integer(
        compute="_compute_qms_expiry_decision_count"
    )

    _qms_use_first_idx = models.Index("(product_id) WHERE qms_use_first")

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("qms_use_first") for vals in vals_list):
            self._qms_check_use_first()
        if "default_qms_use_first" in self.env.context:
            self = self.with_context(default_qms_use_first=False)
        return super().create(vals_list)

    def write(self, vals):
        if "qms_use_first" in vals:
            self._qms_check_use_first()
        return super().write(vals)

    def _qms_check_use_first(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._("Which lots are used first is decided in Near Expiry.")
            )

    def _compute_qms_expiry_decision_count(self):
        # sudo: who sees the lot sees that something is decided about it
        rows = self.env["qms.expiry.decision"].sudo()
        counts = dict(
            rows._read_group([("lot_id", "in", self.ids)], ["lot_id"], ["__count"])
        )
        for lot in self:
            lot.qms_expiry_decision_count = counts.get(lot._origin, 0)

    def action_open_expiry_decisions(self):
        """Show what was decided about these lots near their date.

        :return: action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_shelf_life.qms_expiry_decision_action"
        )
        return {
            **action,
            "domain": [("lot_id", "in", self.ids)],
            "context": {"create": False},
        }
