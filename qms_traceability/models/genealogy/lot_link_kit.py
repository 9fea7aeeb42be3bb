from odoo import api, models


class QmsLotLink(models.Model):
    _inherit = "qms.lot.link"

    @api.model
    def _qms_prepare_kit(self, line):
        """Return the values of the link from a delivered lot to the kit it is part of.

        :param line: done ``stock.move.line`` of a kit's component
        """
        bom = line.move_id.bom_line_id.bom_id
        kit = bom.product_id or bom.product_tmpl_id.product_variant_id
        return {
            "res_model": line.picking_id._name,
            "res_id": line.picking_id.id,
            "reference": line.picking_id.name,
            "company_id": line.company_id.id,
            "from_lot_id": line.lot_id.id,
            "from_product_id": line.product_id.id,
            "to_product_id": kit.id,
            "quantity": line.quantity_product_uom,
            "to_quantity": self._qms_get_kits(line),
            "kind": "kit",
            "origin": "registered",
            "from_line_id": line.id,
            "to_line_id": line.id,
        }

    @api.model
    def _qms_get_kits(self, line):
        """Return how many kits this line's goods are enough for."""
        component = line.move_id.bom_line_id
        each = component.product_uom_id._compute_quantity(
            component.product_qty, line.product_id.uom_id, round=False
        )
        if not each:
            return 0.0
        return line.quantity_product_uom / each * component.bom_id.product_qty
