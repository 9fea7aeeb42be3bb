from odoo import api, fields, models
from odoo.exceptions import AccessError


class QmsLotSplit(models.TransientModel):
    """Asks which part of a lot becomes a lot of its own."""

    _name = "qms.lot.split"
    _description = "Split a Lot"

    lot_id = fields.Many2one("stock.lot", required=True, readonly=True)
    product_id = fields.Many2one(related="lot_id.product_id")
    quant_id = fields.Many2one(
        "stock.quant",
        string="Goods",
        required=True,
        domain="[('lot_id', '=', lot_id), ('quantity', '>', 0),"
        " ('location_id.usage', 'in', ('internal', 'transit'))]",
    )
    quant_quantity = fields.Float(
        related="quant_id.quantity", string="On Hand", digits="Product Unit"
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(required=True, digits="Product Unit")
    name = fields.Char(
        string="New Lot Number", help="Empty: the next free number after this lot's."
    )

    @api.model
    def default_get(self, fields):
        res = super().default_get(fields)
        model, ids = (
            self.env.context.get("active_model"),
            self.env.context.get("active_ids"),
        )
        if not ids:
            return res
        quants = self.env["stock.quant"]
        if model == "stock.quant":
            quants = quants.browse(ids[:1])
            res.update(quant_id=quants.id, lot_id=quants.lot_id.id)
        elif model == "stock.lot":
            lot = self.env["stock.lot"].browse(ids[:1])
            inside = lot.quant_ids.filtered(
                lambda q: q.quantity > 0 and q.location_id.usage == "internal"
            )
            res.update(lot_id=lot.id, quant_id=inside[:1].id)
        return res

    def action_split(self):
        """Split the lot and open the new one.

        :return: action
        :raise AccessError: for those who are no inspectors
        """
        self.ensure_one()
        self._check_split()
        return self._split()

    def _check_split(self):
        if not self.env.user.has_group("qms_quality.group_quality_inspector"):
            raise AccessError(
                self.env._("Only quality inspectors may split lots: ask one of them.")
            )

    def _split(self):
        quant = self.quant_id
        child = self.lot_id._qms_split(
            self.quantity,
            quant.location_id,
            name=self.name,
            package=quant.package_id,
            owner=quant.owner_id,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": child.id,
            "view_mode": "form",
        }
