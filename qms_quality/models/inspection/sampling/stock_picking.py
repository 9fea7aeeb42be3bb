from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...sentinel import is_trusted, trusted

SAMPLE_FIELDS = ("qms_sample_order_id", "qms_sample_back")


class StockPicking(models.Model):
    """Transfers that bring a sample to its place, or back.

    What a sample is moved with decides which goods are brought back or destroyed:
    nobody but the order says so.
    """

    _inherit = "stock.picking"

    qms_sample_order_id = fields.Many2one(
        "qms.quality.order",
        string="Sample of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    qms_sample_back = fields.Boolean(
        string="Brings the Sample back", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        defaults = [f"default_{name}" for name in SAMPLE_FIELDS]
        if any(name in self.env.context for name in defaults):
            self._qms_check_sample_writer()
        if any(name in vals for vals in vals_list for name in SAMPLE_FIELDS):
            self._qms_check_sample_writer()
        return super().create(vals_list)

    def write(self, vals):
        if any(name in vals for name in SAMPLE_FIELDS):
            self._qms_check_sample_writer()
        return super().write(vals)

    def _qms_check_sample_writer(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "Which transfers bring a sample, and bring it back, is written by"
                    " quality orders only. Use the button on the order."
                )
            )

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        if self.qms_sample_order_id:
            # what is left of a sample is the sample, too
            trusted(backorder).write(
                {
                    "qms_sample_order_id": self.qms_sample_order_id.id,
                    "qms_sample_back": self.qms_sample_back,
                }
            )
        return backorder
