from odoo import models


class StockMove(models.Model):
    """Status rules divert receipts into the quarantine zone."""

    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        self.filtered(lambda move: move.state == "draft")._qms_divert()
        return super()._action_confirm(merge, merge_into, create_proc)

    def _qms_divert(self):
        """Send the last step of a receipt into the zone, where a rule says so.

        Goods are unloaded where they always are: only the step that would bring them
        into stock, or to the place of quality control, goes elsewhere.
        """
        arrivals = {move: move._qms_get_arrivals() for move in self}
        moves = self.filtered(lambda move: arrivals[move])
        if not moves:
            return
        rules = self.env["qms.status.rule"]._get_rules(moves.product_id)
        if not rules.filtered("divert"):
            return
        for move in moves:
            if any(arrival._qms_is_diverted(rules) for arrival in arrivals[move]):
                zone = move.location_dest_id.warehouse_id._qms_get_quarantine()
                # a final place would send the goods on from the zone
                move.write({"location_dest_id": zone.id, "location_final_id": False})

    def _qms_get_arrivals(self):
        """Return the moves by which the goods of a move that may be diverted arrive."""
        self.ensure_one()
        dest = self.location_dest_id
        if (
            dest.usage != "internal"
            or not dest.warehouse_id
            or dest.qms_zone_id
            or self.is_inventory
        ):
            return self.browse()
        if self.location_id.usage in ("supplier", "customer"):
            in_stock = dest._child_of(dest.warehouse_id.lot_stock_id)
            return self if in_stock else self.browse()
        if self.location_id.warehouse_id != dest.warehouse_id:
            return self.browse()
        return self.move_orig_ids.filtered(
            lambda move: move.location_id.usage in ("supplier", "customer")
        )

    def _qms_is_diverted(self, rules):
        """Tell whether the rule for these arriving goods says so."""
        self.ensure_one()
        usage = self.location_id.usage
        rule = rules._select(
            self.product_id,
            "receipt" if usage == "supplier" else "customer_return",
            self._qms_get_partner(),
            self.company_id,
        )
        return rule.divert
