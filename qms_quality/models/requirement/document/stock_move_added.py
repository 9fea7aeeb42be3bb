from odoo import models

# Which order goods are added to: by this field core links their move to its line, once
# it is posted. The transfer's field, the way of the goods, the type of requirements.
ADDED = {
    "sale_line_id": ("sale_id", "to customer", "sales"),
    "purchase_line_id": ("purchase_id", "from vendor", "purchase"),
}


class StockMove(models.Model):
    """Goods that somebody adds to a transfer of an order.

    They must meet what the order's line of that product asks for. Where it has none,
    they get requirements of their own, by the order's partner, day and place. When they
    are posted core adds a line to the order, which takes these over.
    """

    _inherit = "stock.move"

    def _qms_get_added_to(self):
        """Return the order that these goods were added to and isn't about yet, or none.

        Their move has requirements of its own.
        """
        self.ensure_one()
        for name in ADDED:
            if self._qms_get_added_lines(name) == self:
                return self._qms_get_order_of_transfer(name)
        return self.sale_line_id.order_id.browse()

    def _qms_get_added_keys(self, name):
        """Return ``{(model, id)}`` of what says what added goods must meet."""
        return {(line._name, line.id) for line in self._qms_get_added_lines(name)}

    def _qms_get_added_lines(self, name):
        """Return the order line of the same goods; this move itself, where none is.

        :param str name: a key of ``ADDED``
        """
        order = self._qms_get_order_of_transfer(name)
        if not order:
            return self.browse()
        lines = order.order_line.filtered(
            lambda line: line.product_id == self.product_id
        )
        return lines[:1] or self

    def _qms_get_order_of_transfer(self, name):
        """Return the order that has this move on its transfer only, or none."""
        field, way, _kind = ADDED[name]
        order = self[name].order_id
        if self[name] or not self.picking_id or way not in self._qms_get_way():
            return order.browse()
        transfer = self.picking_id
        return transfer[field] or transfer.move_ids[name].order_id[:1]

    def _qms_get_added_demand(self):
        """Return the ``Demand`` of goods that were added, None if they weren't."""
        order = self._qms_get_added_to()
        if not order:
            return None
        warehouse = self.picking_type_id.warehouse_id
        if order._name == "sale.order":
            planned = order.commitment_date or order.date_order
            return self._qms_prepare_demand(
                "sales", order, warehouse.lot_stock_id, planned, warehouse
            )
        planned = order.date_planned or order.date_order
        place = order._get_final_location_record()
        return self._qms_prepare_demand("purchase", order, place, planned, warehouse)

    # -- Once the order has a line of them ---------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if self.env["qms.qrs.document.line"]._qms_has_copies():
            for name in ADDED.keys() & vals.keys():
                # sudo: the order is changed by whoever posts
                self.sudo().filtered(name)._qms_pass_requirements_on(name)
        return res

    def _qms_pass_requirements_on(self, name):
        """Let the order's lines have what these moves had to meet."""
        _field, _way, kind = ADDED[name]
        copies = self.env["qms.qrs.document.line"]
        known = copies._get_copies(self[name])
        for move, copy in copies._get_copies(self).items():
            if copy.type != kind:
                continue
            if (line := move[name]) in known:
                copies._forget(move)
            else:
                copy.write({"res_model": line._name, "res_id": line.id})
                known[line] = copy
        # which is no field of what was written
        names = ["qms_requirement_ids"]
        self.invalidate_recordset(names)
        self[name].invalidate_recordset(names)
