from odoo import api, models


class QmsLotLink(models.Model):
    _inherit = "qms.lot.link"

    @api.model
    def _qms_prepare_kit(self, line):
        """Return the values of the link from a delivered lot to the kit it is part of.

        :param line: done ``stock.move.line`` of a kit's component
        """
        kit = self._qms_get_kit(line)
        return {
            "res_model": line.picking_id._name,
            "res_id": line.picking_id.id,
            "reference": line.picking_id.name,
            "company_id": line.company_id.id,
            "from_lot_id": line.lot_id.id,
            "from_product_id": line.product_id.id,
            "to_product_id": kit.id,
            "quantity": line.quantity_product_uom,
            "to_quantity": self._qms_get_kits(line, kit),
            "kind": "kit",
            "origin": "registered",
            "from_line_id": line.id,
            "to_line_id": line.id,
        }

    @api.model
    def _qms_get_kit(self, line):
        """Return which product the kit is; the one that was sold, where a bill of
        materials is for several variants."""
        move, bom = line.move_id, line.move_id.bom_line_id.bom_id
        template = bom.product_tmpl_id.with_context(active_test=False)
        variants = bom.product_id or template.product_variant_ids
        return (variants & move.sale_line_id.product_id or variants)[:1]

    @api.model
    def _qms_get_kits(self, line, kit):
        """Return how many kits this line's goods are enough for, in the kit's unit."""
        component = line.move_id.bom_line_id
        each = component.product_uom_id._compute_quantity(
            component.product_qty, line.product_id.uom_id, round=False
        )
        if not each:
            return 0.0
        bom = component.bom_id
        made = bom.product_uom_id._compute_quantity(
            bom.product_qty, kit.uom_id, round=False
        )
        return line.quantity_product_uom / each * made
