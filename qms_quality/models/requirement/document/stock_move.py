from odoo import models


class StockMove(models.Model):
    """Moves serve order lines, directly or by way of other moves."""

    _inherit = "stock.move"

    def _qms_get_requirements(self):
        """Return what the goods of these moves must meet.

        :return: ``{move: qms.qrs.document.line}``, in sudo: who moves goods need not be
            allowed to read requirements. Mostly none or one; a move from a vendor
            straight to a customer has two, the vendor's and the customer's. Goods
            that come back from a customer or go back to a vendor must meet nothing.
            No query where no order has requirements.
        """
        Copy = self.env["qms.qrs.document.line"]
        none = Copy.sudo().browse()
        if not self or not Copy._qms_has_copies():
            return dict.fromkeys(self, none)
        # sudo: the flow may begin or end in a company that the user doesn't see
        keys = {move: move.sudo()._qms_get_required_keys() for move in self}
        found = Copy._qms_get_by_line(set().union(*keys.values()))
        return {
            move: none.union(*(found[key] for key in sorted(own) if key in found))
            for move, own in keys.items()
        }

    def _qms_get_required_keys(self):
        """Return ``{(model, id)}`` of the order lines that this move serves.

        A step on the way serves what its goods are for, else where they come from.
        """
        return (
            self._qms_get_demand_keys() | self._qms_get_supply_keys()
            or self._qms_get_chained_keys("move_dest_ids", "_qms_get_demand_keys")
            or self._qms_get_chained_keys("move_orig_ids", "_qms_get_supply_keys")
        )

    def _qms_get_chained_keys(self, link, ask):
        """Return the keys of the nearest moves of the flow that have any."""
        if "inside" not in self._qms_get_way():
            return set()
        moves, seen = self[link], self
        while moves - seen:
            seen |= moves
            keys = set().union(*(getattr(move, ask)() for move in moves))
            if keys:
                return keys
            moves = moves[link]
        return set()

    def _qms_get_demand_keys(self):
        """Return the order lines that the goods are for."""
        way = self._qms_get_way()
        if self.raw_material_production_id:
            return {("stock.move", self.id)}
        line = self.sale_line_id
        if line and way & {"inside", "to customer"}:
            return {(line._name, line.id)}
        return self._qms_get_added_keys("sale_line_id")

    def _qms_get_supply_keys(self):
        """Return the order lines that the goods are from."""
        production = self.production_id
        if production and self.product_id == production.product_id:
            return {("mrp.production", production.id)}
        line = self.purchase_line_id
        if line and "from vendor" in self._qms_get_way():
            return {(line._name, line.id)}
        return self._qms_get_added_keys("purchase_line_id")

    def _qms_get_way(self):
        """Return from where and to where the goods go, returns left out."""
        source, target = self.location_id.usage, self.location_dest_id.usage
        way = set()
        if source == "customer" or target == "supplier":
            return way
        if source == "supplier" or self._qms_is_between_companies():
            way.add("from vendor")
        if target == "customer":
            way.add("to customer")
        if source not in ("supplier", "customer") and target != "customer":
            way.add("inside")
        return way

    def _qms_is_between_companies(self):
        return "transit" in (self.location_id.usage, self.location_dest_id.usage)
