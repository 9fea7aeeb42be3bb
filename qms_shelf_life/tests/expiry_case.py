from datetime import timedelta

from odoo import fields

from odoo.addons.qms_quality.tests.route_case import RouteCase

from .common import ShelfLifeCase


class ExpiryCase(RouteCase, ShelfLifeCase):
    """Goods past their date and near it, and the rules about them.

    ``cls.depot`` is another warehouse; ``self.milk`` has no stock yet.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.depot = cls.env["stock.warehouse"].create(
            {"name": "Depot", "code": "DEPOT"}
        )
        cls.status_expired = cls.env.ref("qms_quality.status_expired")

    @classmethod
    def _make_rule(cls, **vals):
        return cls.env["qms.expiry.rule"].create(vals)

    @classmethod
    def _zone(cls, zone, warehouse=None):
        """Let a warehouse lie in a time zone, with an address of its own."""
        warehouse = warehouse or cls.warehouse
        warehouse.partner_id = cls.env["res.partner"].create(
            {"name": warehouse.name, "tz": zone}
        )

    @classmethod
    def _make_undated_lot(cls, name, quantity=0, product=None):
        lot = cls._make_dated_lot(name, 10, product)
        lot.expiration_date = False
        if quantity:
            cls._stock_up(quantity, lot)
        return lot

    def _due(self, days, quantity=4, **vals):
        """Return a delivery that is due in so many days, reserved."""
        picking = self._picking("outgoing", quantity, product=self.milk, **vals)
        picking.move_ids.date = fields.Datetime.now() + timedelta(days=days)
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _reserved(self, moves):
        """Return what is reserved: ``{lot name: quantity}``."""
        return {
            line.lot_id.name: line.quantity
            for line in moves.move_line_ids
            if line.quantity
        }

    def _release_for(self, lot, kind="special_sale", **document):
        values = {f"{name}_id": record.id for name, record in document.items()}
        return (
            self.env["qms.expiry.release"]
            .with_user(self.keeper)
            ._grant(
                [{"lot_id": lot.id, "kind": kind, "reason": "Eat it soon", **values}]
            )
        )
