from odoo import api, fields, models

from ..models.number_text import format_quantity


class QmsAssociationTry(models.TransientModel):
    """Tries the rules on a document: which orders, and why not the others."""

    _name = "qms.association.try"
    _description = "Try the Associations"

    association_id = fields.Many2one(
        "qms.quality.association", string="Rule", ondelete="cascade", readonly=True
    )
    picking_id = fields.Many2one("stock.picking", string="Transfer", ondelete="cascade")
    production_id = fields.Many2one(
        "mrp.production", string="Manufacturing Order", ondelete="cascade"
    )
    lot_id = fields.Many2one("stock.lot", ondelete="cascade")
    is_tried = fields.Boolean(compute="_compute_lines")
    line_ids = fields.One2many(
        "qms.association.try.line",
        "try_id",
        compute="_compute_lines",
        string="What the Rules would Do",
    )

    @api.depends("picking_id", "production_id", "lot_id")
    def _compute_lines(self):
        for one in self:
            documents = one.picking_id, one.production_id, one.lot_id
            one.is_tried = any(documents)
            one.line_ids = [(5, 0, 0)] + [
                (0, 0, vals) for vals in one._prepare_lines() if one.is_tried
            ]

    def _prepare_lines(self):
        """Return the values of the lines: what makes an order first, then this rule."""
        # sudo: an inspector need not be allowed to read the document's every part;
        # the document itself he chose among those he may read
        rules = self.env["qms.quality.association"].sudo().search([])
        explained = rules._explain(self._get_arrivals())
        own = self.association_id.sudo()
        explained.sort(key=lambda line: (bool(line[2]), line[1] != own))
        return [
            {
                "association_id": rule.id,
                "goods": arrival and self._get_goods_text(arrival),
                "makes_order": not why,
                "reason": why,
            }
            for arrival, rule, why in explained
        ]

    def _get_goods_text(self, arrival):
        lots = self._get_lots(arrival)
        names = [arrival.product.display_name, ", ".join(lots.mapped("name")[:3])]
        quantity = format_quantity(self.env, arrival.quantity)
        names.append(f"{quantity} {arrival.product.uom_id.name}")
        return " · ".join(name for name in names if name)

    def _get_lots(self, arrival):
        if hasattr(arrival, "lots"):
            return arrival.lots
        return self.env["stock.lot"].union(*(m.lot for m in arrival.movements))

    def _get_arrivals(self):
        """Return what the document raises, as arrivals and steps."""
        for document in (self.picking_id, self.production_id, self.lot_id):
            document.check_access("read")
        return [
            *self.picking_id.sudo()._qms_get_arrivals(),
            *self.production_id.sudo()._qms_get_arrivals(),
            *self.lot_id.sudo()._qms_get_arrivals(),
        ]
