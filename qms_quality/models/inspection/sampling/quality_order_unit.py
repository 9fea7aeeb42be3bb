from odoo import api, fields, models


class QmsQualityOrderUnit(models.Model):
    """A unit to take: a serial number, or one of the units counted from 1."""

    _name = "qms.quality.order.unit"
    _description = "Unit to Take"
    _inherit = ["qms.sampling.record"]
    _qms_audit_whole = "order_id"
    _order = "order_id, sequence, id"

    order_id = fields.Many2one(
        "qms.quality.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(
        string="Drawn as", readonly=True, help="The place of the unit in the draw."
    )
    number = fields.Integer(
        string="Unit No.",
        readonly=True,
        help="Counted from 1 through all the goods of the order.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    stage = fields.Integer(string="In Sample", readonly=True)
    is_taken = fields.Boolean(string="Taken")

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"is_taken"}

    def write(self, vals):
        self.order_id._check_editable()
        return super().write(vals)

    @api.depends("number", "lot_id")
    def _compute_display_name(self):
        for unit in self:
            unit.display_name = unit.lot_id.name or self.env._("no. %s", unit.number)

    def _drop(self):
        """Take units off the list, with their readings: none was recorded yet."""
        self.env["qms.quality.order.result"].search(
            [("unit_id", "in", self.ids)]
        ).unlink()
        self.unlink()
