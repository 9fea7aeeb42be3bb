from odoo import api, models


class StockQuant(models.Model):
    """What a decision does with goods that wait in a quality zone."""

    _inherit = "stock.quant"

    @api.model
    def _qms_after_decision(self, quants, passed):
        """Put away goods that passed, send goods that failed to the reject zone.

        Nothing happens to goods that are in no zone, that something else still holds
        there, or that another transfer has reserved.

        :param quants: ``stock.quant`` that were inspected
        :param bool passed: whether they passed
        :return: ``stock.picking``, made and reserved, or done where so set
        """
        # sudo: whoever may decide on goods need not be allowed to move them
        zoned = quants.sudo().filtered(
            lambda quant: (
                quant.location_id.qms_zone_id
                and quant.location_id.usage == "internal"
                and quant.location_id.warehouse_id
            )
        )
        pickings = zoned._qms_send_to_stock() if passed else zoned._qms_send_to_reject()
        return pickings.sudo(self.env.su)

    def _qms_send_to_stock(self):
        """Return the transfers that put these goods away."""
        pickings = self.env["stock.picking"]
        for warehouse, quants in self.grouped(
            lambda quant: quant.location_id.warehouse_id
        ).items():
            pickings |= quants._qms_send(warehouse, warehouse.lot_stock_id)
        return pickings

    def _qms_send_to_reject(self):
        """Return the transfers that bring these goods to the reject zone."""
        pickings = self.env["stock.picking"]
        waiting = self.filtered(
            lambda quant: quant.location_id.qms_zone_id.qms_zone != "reject"
        )
        for warehouse, quants in waiting.grouped(
            lambda quant: quant.location_id.warehouse_id
        ).items():
            pickings |= quants._qms_send(warehouse, warehouse._qms_get_reject())
        return pickings

    def _qms_send(self, warehouse, dest):
        """Return the transfers, one for each zone the goods are in, to ``dest``."""
        pickings = self.env["stock.picking"]
        quants = self._qms_filter_movable(dest)
        for zone, goods in quants.grouped(
            lambda quant: quant.location_id.qms_zone_id
        ).items():
            pickings |= pickings.create(
                goods._qms_prepare_transfer(warehouse, zone, dest)
            )
        if not pickings:
            return pickings
        for picking in pickings:
            picking.move_ids.move_line_ids.picking_id = picking
        pickings.action_confirm()
        if warehouse.qms_zone_done:
            pickings.move_ids.picked = True
            pickings._action_done()
        return pickings

    def _qms_filter_movable(self, dest):
        """Leave out goods that are reserved, or may not go to ``dest`` yet."""
        free = self.filtered(
            lambda quant: (
                quant.product_uom_id.compare(quant.quantity, quant.reserved_quantity)
                > 0
            )
        )
        movable = free.browse()
        for types, quants in free.grouped(
            lambda quant: quant.location_id._qms_transaction_types(dest)
        ).items():
            answers = self.env["qms.hold"]._qms_gate_reasons(
                quants._qms_get_goods(), types
            )
            for quant, reasons in zip(quants, answers, strict=True):
                if not any(reason.policy == "block" for reason in reasons):
                    movable |= quant
        return movable

    def _qms_prepare_transfer(self, warehouse, zone, dest):
        lots = self.lot_id.mapped("name")
        return {
            "picking_type_id": warehouse.int_type_id.id,
            "location_id": zone.id,
            "location_dest_id": dest.id,
            "company_id": warehouse.company_id.id,
            "origin": ", ".join(lots[:3]) + ("…" if len(lots) > 3 else ""),
            "move_ids": [
                (0, 0, quants._qms_prepare_transfer_move(warehouse, zone, dest))
                for quants in self.grouped("product_id").values()
            ],
        }

    def _qms_prepare_transfer_move(self, warehouse, zone, dest):
        product = self.product_id
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": sum(q.quantity - q.reserved_quantity for q in self),
            "location_id": zone.id,
            "location_dest_id": dest.id,
            "company_id": warehouse.company_id.id,
            "picking_type_id": warehouse.int_type_id.id,
            "move_line_ids": [
                (0, 0, quant._qms_prepare_transfer_line(dest)) for quant in self
            ],
        }

    def _qms_prepare_transfer_line(self, dest):
        self.ensure_one()
        quantity = self.quantity - self.reserved_quantity
        place = dest._get_putaway_strategy(self.product_id, quantity, self.package_id)
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "quantity": quantity,
            "location_id": self.location_id.id,
            "location_dest_id": place.id,
            "lot_id": self.lot_id.id,
            "package_id": self.package_id.id,
            "result_package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
            "company_id": self.location_id.company_id.id,
        }
