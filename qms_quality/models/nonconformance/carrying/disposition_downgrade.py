from odoo import models

from ...sentinel import SENTINEL, trusted, untrusted


class QmsDisposition(models.Model):
    """Downgrade: the goods become another product, at the value they have."""

    _inherit = "qms.disposition"

    # -- What is in the way ------------------------------------------------------------

    def _get_downgrade_problems(self):
        """Return what keeps the goods from becoming the other product."""
        row = self.sudo()
        product = row.product_dest_id
        if not product or product == row.product_id:
            return [self.env._("say which other product they become.")]
        if not product.is_storable:
            return [self.env._("%s is not kept in stock.", product.display_name)]
        if product.uom_id != row.product_id.uom_id:
            return [
                self.env._(
                    "%(product)s is counted in %(unit)s, these goods in %(own)s.",
                    product=product.display_name,
                    unit=product.uom_id.name,
                    own=row.product_id.uom_id.name,
                )
            ]
        unit = row.product_id.uom_id
        if product.tracking == "serial" and unit.compare(row.quantity, 1):
            return [
                self.env._(
                    "%s is tracked by serial number: decide on one piece at a time.",
                    product.display_name,
                )
            ]
        return []

    def _get_downgrade_place(self):
        product = self.product_id.with_company(self.company_id)
        return product.property_stock_inventory

    def _get_flow(self):
        if self.kind == "downgrade":
            return {"inventory": True}
        return super()._get_flow()

    # -- Doing it ----------------------------------------------------------------------

    def _execute_downgrade(self):
        for row in self:
            lot = row._make_lot_dest()
            if lot:
                trusted(row).child_lot_id = lot
            row._hold_downgraded(lot)
            row._exchange(lot)
            row._set_done()

    def _make_lot_dest(self):
        """Return the lot of the other product: new, with the same number if free."""
        lots = self.env["stock.lot"]
        if self.product_dest_id.tracking == "none":
            return lots
        vals = {"product_id": self.product_dest_id.id, "company_id": self.company_id.id}
        if self.lot_id:
            vals.update(self.lot_id._qms_get_dates(), parent_lot_id=self.lot_id.id)
            vals["name"] = self._get_lot_dest_name()
        # trusted: its goods have arrived before
        lot = trusted(lots).create(vals)
        return untrusted(lot)

    def _get_lot_dest_name(self):
        taken = self.env["stock.lot"].search(
            [
                ("product_id", "=", self.product_dest_id.id),
                ("name", "=like", f"{self.lot_id.name}%"),
            ]
        )
        name, number = self.lot_id.name, 0
        while name in taken.mapped("name"):
            number += 1
            name = f"{self.lot_id.name}-{number}"
        return name

    def _hold_downgraded(self, lot):
        """Place what holds the other product from now on, before it is there."""
        status = self._get_status_afterwards()
        if not status:
            return
        in_place = not lot and not self.package_id
        self.env["qms.hold"]._place(
            [
                {
                    **self._prepare_hold_afterwards(status),
                    "product_id": self.product_dest_id.id,
                    "lot_id": lot.id,
                    "location_id": in_place and self.location_id.id,
                    "package_id": not lot and self.package_id.id,
                }
            ],
            exact=True,
        )

    def _exchange(self, lot):
        """Take the goods out as what they were, and bring them in as what they are."""
        reason = self._get_ending_reason()
        # the key skips the early refusal: the permit comes when the move is there
        moves = trusted(self.env["stock.move"]).with_context(qms_picked_by_system=True)
        out, arrival = untrusted(
            moves.create(
                [
                    self._prepare_exchange(self.product_id, self.lot_id, False),
                    self._prepare_exchange(self.product_dest_id, lot, True),
                ]
            )
        ).with_context(qms_relabelling=SENTINEL)
        self._permit(out.move_line_ids)
        out._action_done()
        out._qms_hand_over_value(arrival, reason)
        arrival._action_done()
        (out + arrival)._qms_log_relabelling(reason)
        arrival._trigger_assign()

    def _prepare_exchange(self, product, lot, is_arrival):
        """Return the values of an inventory move of these goods, out or in."""
        loss = product.with_company(self.company_id).property_stock_inventory
        places = [self.location_id, loss]
        source, dest = reversed(places) if is_arrival else places
        goods = {
            "product_id": product.id,
            "location_id": source.id,
            "location_dest_id": dest.id,
            "company_id": self.company_id.id,
        }
        line = {
            **goods,
            "product_uom_id": product.uom_id.id,
            "quantity": self.quantity,
            "lot_id": lot.id,
            "owner_id": self.owner_id.id,
            "package_id": not is_arrival and self.package_id.id,
            "result_package_id": is_arrival and self.package_id.id,
        }
        return {
            **goods,
            "product_uom": product.uom_id.id,
            "product_uom_qty": self.quantity,
            "state": "confirmed",
            "restrict_partner_id": self.owner_id.id,
            "is_inventory": True,
            "inventory_name": self._get_ending_reason(),
            "picked": True,
            "qms_disposition_id": self.id,
            "move_line_ids": [(0, 0, line)],
        }
