from collections import defaultdict

from odoo import api, models


class StockMoveLine(models.Model):
    """Lots that come in get their attributes."""

    _inherit = "stock.move.line"

    def _create_and_assign_production_lot(self):
        res = super()._create_and_assign_production_lot()
        # as early as possible: goods are compared with requirements when they come
        bought = self.filtered(lambda line: line.location_id.usage == "supplier")
        self.env["qms.attribute.default"]._qms_apply(
            {line.lot_id: line._qms_partner() for line in bought if line.lot_id}
        )
        return res

    @api.model
    def _qms_after_posting(self, movements):
        self._qms_apply_defaults(movements)
        self._qms_inherit_attributes(movements)
        return super()._qms_after_posting(movements)

    # -- From vendors ------------------------------------------------------------------

    def _qms_apply_defaults(self, movements):
        """Record the defaults of lots that arrive from a vendor for the first time."""
        arriving = [m for m in movements if m.arrival == "receipt" and m.lot]
        defaults = self.env["qms.attribute.default"]
        if not arriving or not defaults._is_used():
            return
        known = self._qms_get_known_lots(arriving)
        defaults._qms_apply(
            {m.lot: m.line._qms_partner() for m in arriving if m.lot.id not in known}
        )

    def _qms_get_known_lots(self, movements):
        """Return the ids of the lots that had come in before."""
        lots = self.env["stock.lot"].union(*(m.lot for m in movements))
        lines = self.union(*(m.line for m in movements))
        # sudo: movements of another company count as well
        groups = self.sudo()._read_group(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("id", "not in", lines.ids),
            ],
            ["lot_id"],
        )
        return {lot.id for (lot,) in groups}

    # -- From components ---------------------------------------------------------------

    def _qms_inherit_attributes(self, movements):
        """Give lots that were made the values of what went into them."""
        made = self.env["stock.lot"].union(
            *(m.lot for m in movements if m.lot and m.line._qms_is_output())
        )
        if made and self.env["qms.arrival.rule"]._get_used()["qms.lot.attribute"]:
            rows = self.env["qms.lot.attribute"]
            rows._qms_mix(self._qms_get_contents(made), "production")

    def _qms_is_output(self):
        """Tell whether this line brings what a manufacturing order made."""
        move = self.move_id
        is_made = bool(move.production_id) and not move.unbuild_id
        return is_made and self.location_id.usage == "production"

    def _qms_get_contents(self, lots):
        """Return what lots are made of, by all orders that made them.

        :return: ``{lot: {part: quantity}}``; lots without traced parts have none
        """
        # sudo: who made a part of a lot elsewhere doesn't matter here
        lines = self.sudo().search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("move_id.production_id", "!=", False),
            ]
        )
        orders = defaultdict(set)
        for line in lines.filtered(lambda line: line._qms_is_output()):
            orders[line.lot_id.with_env(self.env)].add(line.move_id.production_id.id)
        consumed = self._qms_get_consumed(set().union(*orders.values()))
        contents = {}
        for lot, ids in orders.items():
            contents[lot] = defaultdict(float)
            for order in ids:
                for part, quantity in consumed[order].items():
                    contents[lot][part] += quantity
        return contents

    def _qms_get_consumed(self, order_ids):
        """Return the lots that orders took, ``{order id: {lot: quantity}}``."""
        groups = self.sudo()._read_group(
            [
                ("move_id.raw_material_production_id", "in", list(order_ids)),
                ("state", "=", "done"),
                ("lot_id", "!=", False),
            ],
            ["move_id", "lot_id"],
            ["quantity_product_uom:sum"],
        )
        consumed = defaultdict(lambda: defaultdict(float))
        for move, lot, quantity in groups:
            order = move.raw_material_production_id.id
            consumed[order][lot.with_env(self.env)] += quantity
        return consumed
