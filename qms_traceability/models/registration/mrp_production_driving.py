from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.number_text import format_quantity


class MrpProduction(models.Model):
    """What is registered decides what an order makes, and what of each lot it takes."""

    _inherit = "mrp.production"

    # -- Before closing ----------------------------------------------------------------

    def pre_button_mark_done(self):
        registered = self.filtered(lambda order: order._qms_get_open_rows())
        for order in registered:
            order._qms_make_registered()
        registered._qms_check_registered()
        registered._qms_drive_consumption()
        return super().pre_button_mark_done()

    def _qms_make_registered(self):
        """Make what is registered, where nobody said otherwise on the order."""
        if not self.lot_producing_ids:
            self._qms_produce(self._qms_get_open_rows())
        elif self.product_uom_id.is_zero(self.qty_producing):
            self._qms_produce(self._qms_get_rows_made())

    def _qms_produce(self, rows):
        """Set what the order makes now: these finished products."""
        if self.product_tracking == "lot" and len(rows.lot_id) > 1:
            raise UserError(
                self.env._(
                    "%(order)s has several lots registered: %(lots)s. Report each of"
                    " them as finished in View Associations.",
                    order=self.name,
                    lots=", ".join(rows.lot_id.mapped("name")),
                )
            )
        quantity = sum(rows.mapped("quantity"))
        self.lot_producing_ids = rows.lot_id
        self.qty_producing = self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )
        self._set_qty_producing(False)

    def _qms_get_rows_made(self):
        """Return the registered products that the order makes now."""
        return self._qms_get_open_rows().filtered(
            lambda row: row.lot_id in row.production_id.lot_producing_ids
        )

    def _qms_check_registered(self):
        """Refuse to close what isn't registered, where that is set.

        :raise UserError: names what is missing, of each order
        """
        orders = self.filtered("company_id.qms_tracked_required")
        texts = [order._qms_get_missing_text() for order in orders]
        if any(texts):
            raise UserError("\n\n".join(filter(None, texts)))

    def _qms_get_missing_text(self):
        """Return what isn't registered of what is made now, or nothing."""
        if self.product_tracking == "none" or not self._qms_get_tracked_moves():
            return ""
        rows = self._qms_get_rows_made()
        missing = self._qms_get_missing(rows)
        if rows and not missing:
            return ""
        return self.env._(
            "%(order)s can't be closed before all components are registered."
            " Missing:\n%(missing)s\nRegister them with Track Components.",
            order=self.name,
            missing="\n".join(missing or [self.env._("everything")]),
        )

    def _qms_get_missing(self, rows):
        """Return a line for each lot and component that isn't registered."""
        missing = [
            self.env._("%s: not registered", lot.name)
            for lot in self.lot_producing_ids - rows.lot_id
        ]
        for row in rows.filtered(lambda one: one.status != "completed"):
            missing += [
                self.env._(
                    "%(finished)s: %(left)s %(unit)s of %(product)s",
                    finished=row.lot_id.name,
                    left=format_quantity(self.env, part["remaining"]),
                    unit=part["unit"],
                    product=part["product"],
                )
                for part in row._prepare_components()
                if part["remaining"]
            ]
        return missing

    # -- Consumption -------------------------------------------------------------------

    def _get_consumption_issues(self):
        """A substitute that was registered stands for its component."""
        return [
            issue
            for issue in super()._get_consumption_issues()
            if not issue[0]._qms_is_substituted(*issue[1:])
        ]

    def _qms_is_substituted(self, product, consumed, expected):
        moves = self.move_raw_ids.filtered("qms_substitute_of_id")
        if product in moves.product_id and not expected:
            return True
        replacing = moves.filtered(
            lambda move: move.qms_substitute_of_id.product_id == product
        )
        quantity = sum(replacing.mapped("quantity"))
        same = product.uom_id.compare(consumed + quantity, expected)
        return bool(replacing) and not same

    def _qms_drive_consumption(self):
        """Let the components' lines be what is registered of what is made now.

        A product into which nothing was registered consumes as in any order.
        """
        for order in self:
            rows = order._qms_get_rows_made()
            if rows:
                order._qms_drive(rows)

    def _qms_drive(self, rows):
        registrations = rows.component_ids.filtered(lambda one: one.state == "open")
        self._qms_check_lost(registrations)
        by_move = {move: registrations[:0] for move in self._qms_get_tracked_moves()}
        for one in registrations:
            move = one.move_id._qms_get_substitute(one.product_id)
            by_move[move] = by_move.get(move, registrations[:0]) | one
        share = self._qms_get_free_share(registrations.tracked_product_id)
        for move, own in by_move.items():
            if move.state != "done":
                move._qms_take_registered(own, share * move._qms_get_due())

    def _qms_check_lost(self, registrations):
        """Refuse what is registered for a component that the order lost meanwhile.

        :raise UserError: names it
        """
        lost = registrations.filtered(
            lambda one: not one.move_id or one.move_id.state == "cancel"
        )
        if lost:
            raise UserError(
                self.env._(
                    "%(lots)s is registered on %(order)s, which doesn't take"
                    " %(products)s any more. Remove it in View Associations.",
                    lots=", ".join(lost.lot_id.mapped("name")),
                    order=self.name,
                    products=", ".join(lost.product_id.mapped("display_name")),
                )
            )

    def _qms_get_free_share(self, rows):
        """Return the share of what is made now into which nothing was registered."""
        made = self.product_uom_id._compute_quantity(
            self.qty_producing, self.product_id.uom_id, round=False
        )
        known = sum(rows.mapped("quantity"))
        return max(made - known, 0) / made if made else 0

    # -- Closing -----------------------------------------------------------------------

    def _post_inventory(self, cancel_backorder=False):
        self._qms_check_registered()
        self._qms_drive_consumption()
        rows = self._qms_get_rows_made()
        self._qms_check_left(rows)
        res = super()._post_inventory(cancel_backorder=cancel_backorder)
        rows._finish()
        return res

    def _qms_check_left(self, rows):
        """Refuse to forget what is registered and isn't made."""
        left = self._qms_get_open_rows() - rows
        if left:
            raise UserError(
                self.env._(
                    "%(lots)s is registered on %(order)s, but isn't made. Remove it in"
                    " View Associations, or create a backorder for it.",
                    lots=", ".join(left.lot_id.mapped("name")),
                    order=", ".join(left.production_id.mapped("name")),
                )
            )

    def _action_cancel(self):
        res = super()._action_cancel()
        orders = self.filtered(lambda order: order.state == "cancel")
        orders._qms_get_open_rows()._remove(self.env._("Order cancelled"))
        return res

    # -- Genealogy ---------------------------------------------------------------------

    def _qms_get_registered_uses(self, finished_lines, consumed_lines):
        """Return what is registered: which line went into which finished lot.

        :return: ``{(consumed line id, finished lot id): quantity}``, in the unit of the
            product consumed
        """
        uses = super()._qms_get_registered_uses(finished_lines, consumed_lines)
        lots = finished_lines.lot_id
        rows = self.qms_tracked_product_ids.filtered(
            lambda row: row.state in ("open", "done") and row.lot_id in lots
        )
        wanted = rows.component_ids.filtered(lambda one: one.state in ("open", "done"))
        by_lot = consumed_lines.grouped("lot_id")
        left = {line: line.quantity_product_uom for line in consumed_lines}
        for one in wanted:
            self._qms_share_use(uses, by_lot.get(one.lot_id, ()), left, one)
        return uses

    def _qms_share_use(self, uses, lines, left, registration):
        """Find the lines that a registration was consumed by."""
        quantity = registration.quantity
        compare = registration.product_id.uom_id.compare
        for line in lines:
            taken = min(left[line], quantity)
            if compare(taken, 0) <= 0:
                continue
            key = (line.id, registration.finished_lot_id.id)
            uses[key] = uses.get(key, 0) + taken
            left[line] -= taken
            quantity -= taken
