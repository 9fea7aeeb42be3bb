from odoo import models

from ...number_text import format_quantity


class QmsQualityOrder(models.Model):
    """Samples of several orders that lie in one place, or are the same goods."""

    _inherit = "qms.quality.order"

    def _is_sharing(self):
        """Tell whether this order needs no more of the goods than its sample."""
        self.ensure_one()
        return self.state in ("draft", "open") and self._is_moved()

    def _get_siblings(self):
        """Return the orders whose samples were taken of the same arrival as this
        one's, with this one, in sudo."""
        self.ensure_one()
        # sudo: an inspector need not be allowed to read every order
        order = self.sudo()
        source = order.picking_id or order.production_id
        if not source:
            return order
        name = "picking_id" if order.picking_id else "production_id"
        return order | order.search(
            [
                (name, "=", source.id),
                ("product_id", "=", order.product_id.id),
                ("hold_scope", "=", "sample"),
                ("is_remainder", "=", False),
            ]
        )

    def _get_shared_scopes(self):
        """Return lot, place and package of what the samples of others are held in."""
        others = self._get_siblings() - self
        holds = self.env["qms.hold"]._search_open(self._name, others.ids)
        holds = holds.filtered(
            lambda hold: (
                hold.scope != "lot" and (not hold.lot_id or hold.lot_id in self.lot_ids)
            )
        )
        return {
            (hold.lot_id.id, hold.location_id.id, hold.package_id.id) for hold in holds
        }

    # -- What is still needed ----------------------------------------------------------

    def _make_packages(self, goods):
        """Return a new package for each place of the goods: ``{place: package}``."""
        packages = self.env["stock.package"]
        return {
            place: packages.create({"company_id": self[:1].company_id.id})
            for place in {quant.location_id for quant, _quantity in goods}
        }

    def _pack_sample(self, goods, packages):
        """Pack what is still needed, where it is; it is held there already."""
        order = self[:1]
        for place, package in packages.items():
            here = [one for one in goods if one[0].location_id == place]
            picking = self.env["stock.picking"].create(
                self._prepare_pack_transfer(place)
            )
            total = sum(quantity for _quant, quantity in here)
            move = picking.move_ids.create(order._prepare_sample_move(picking, total))
            move.move_line_ids.with_context(qms_picked_by_system=True).create(
                [
                    {
                        **order._prepare_sample_line(move, quant, quantity, package),
                        "location_dest_id": place.id,
                    }
                    for quant, quantity in here
                ]
            )
            picking.action_confirm()
            picking.move_ids.picked = True
            picking._action_done()

    def _prepare_pack_transfer(self, place):
        warehouse = place.warehouse_id or self.location_id.warehouse_id[:1]
        return {
            "picking_type_id": warehouse.int_type_id.id,
            "location_id": place.id,
            "location_dest_id": place.id,
            "company_id": self[:1].company_id.id,
            "origin": ", ".join(self.mapped("name")),
        }

    def _tell_kept(self, packages, quantity):
        """Tell where the goods are that these orders share from now on."""
        body = self.env._(
            "%(quantity)s %(unit)s of the sample are still needed: %(packages)s. The"
            " rest is no longer held for it.",
            quantity=format_quantity(self.env, quantity),
            unit=self.product_id.uom_id.name,
            packages=", ".join(package.name for package in packages),
        )
        self._message_log_batch({order.id: body for order in self})
