from odoo import fields, models


class QmsCapaChange(models.Model):
    """Nothing more is bought of a supplier, or not these products."""

    _inherit = "qms.capa.change"

    def _get_block_gaps(self):
        if self.partner_id:
            return []
        return [self.env._("choose the supplier")]

    def _apply_block(self):
        block = self.env["qms.supplier.block"].create(self._prepare_block_values())
        return block, self.env._("Blocked: %s", block.display_name)

    def _prepare_block_values(self):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "product_ids": [(6, 0, self.product_ids.ids)],
            "categ_ids": [(6, 0, self.categ_ids.ids)],
            "reason": self.reason or self.capa_id.display_name,
            "date_from": self.date_from or fields.Date.context_today(self),
            "date_to": self.date_to,
            "capa_id": self.capa_id.id,
            "company_id": self.company_id.id,
        }
