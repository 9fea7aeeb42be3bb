from odoo import api, fields, models


class StockMoveLine(models.Model):
    """Which dates arriving goods have, before they are a lot."""

    _inherit = "stock.move.line"

    qms_production_date = fields.Date(
        string="Production Date",
        help="When the goods were made, as the vendor says. The new lot takes it over.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        dated = [
            line
            for line, vals in zip(lines, vals_list, strict=True)
            if vals.get("qms_production_date") and not vals.get("expiration_date")
        ]
        self.browse().union(*dated)._qms_follow_production_date()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if "qms_production_date" in vals and "expiration_date" not in vals:
            self._qms_follow_production_date()
        return res

    @api.onchange("qms_production_date")
    def _qms_follow_production_date(self):
        """Let what isn't a lot yet expire as the product says, from its production."""
        for line in self:
            if line._qms_get_basis() == "production" and not line.lot_id:
                line.expiration_date = line._qms_get_expiration()

    def _compute_expiration_date(self):
        """Propose what the product's rule says, where core would count its days."""
        ruled = self.filtered(lambda line: line._qms_is_proposed_by_rule())
        for line in ruled:
            line.expiration_date = line.expiration_date or line._qms_get_expiration()
        return super(StockMoveLine, self - ruled)._compute_expiration_date()

    def _qms_is_proposed_by_rule(self):
        return (
            not self.lot_id.expiration_date
            and self.picking_type_use_create_lots
            and self.product_id._qms_is_dated_by_rule()
        )

    def _qms_get_basis(self):
        product = self.product_id
        if not product.use_expiration_date:
            return False
        return product.product_tmpl_id._qms_get_shelf_life("qms_expiration_from")

    def _qms_get_expiration(self):
        """Return when the goods of this line expire by their product's rule.

        :return: ``datetime``, False where the rule needs a date that isn't known
        """
        return self.move_id._qms_get_expiration(
            self.product_id,
            self.picking_id.scheduled_date,
            self.qms_production_date,
        )

    def _prepare_new_lot_vals(self):
        vals = super()._prepare_new_lot_vals()
        if self.qms_production_date:
            vals["qms_production_date"] = self.qms_production_date
        return vals
