from datetime import timedelta

from odoo import fields

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.tests.route_case import RouteCase

from .common import ShelfLifeCase

BECAUSE = "These goods can't be used for this because of their date"
# What the company's settings and a rule let pass, as they are delivered and by default.
BLOCKED = {"delivery", "consumption", "transfer"}
ROUTES = (
    "delivery",
    "consumption",
    "transfer",
    "transit",
    "put_away",
    "internal",
    "quarantine",
    "vendor_return",
    "scrap",
    "adjustment",
)


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

    # -- Every way that goods take -----------------------------------------------------

    def _post(self, route, lot):
        """Post one movement of a lot, whatever the screens would have said."""
        if route == "scrap":
            return self._scrap(lot)
        if route == "adjustment":
            return self._count_down(lot)
        source, dest = self.stock, self.customer
        zone = self._make_location(f"Zone {lot.id} {route}", qms_zone="quarantine")
        if route == "put_away":
            source = zone
            self._stock_up(5, lot, zone)
        dest = {
            "delivery": self.customer,
            "consumption": self.milk.property_stock_production,
            "transfer": self.depot.lot_stock_id,
            "transit": self.company.internal_transit_location_id,
            "put_away": self.shelf,
            "internal": self.shelf,
            "quarantine": zone,
            "vendor_return": self.supplier,
        }[route]
        picking = self._picking(
            "internal", 1, product=self.milk, source=source, dest=dest
        )
        picking.action_confirm()
        self._force_line(picking.move_ids, lot)
        picking = picking.with_user(self.clerk).with_context(skip_expired=True)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _scrap(self, lot):
        scrap = self.env["stock.scrap"].with_user(self.clerk)
        scrap = scrap.create(
            {
                "product_id": self.milk.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

    def _count_down(self, lot):
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=lot)
        quant = quant.with_user(self.clerk).with_context(inventory_mode=True)
        quant.inventory_quantity = quant.quantity - 1
        quant.action_apply_inventory()

    def _ask_routes(self, lot):
        """Return on which ways the gate refuses a lot, without posting anything."""
        dest = {
            "delivery": self.customer,
            "consumption": self.milk.property_stock_production,
            "transfer": self.depot.lot_stock_id,
            "internal": self.shelf,
            "vendor_return": self.supplier,
        }
        goods = Goods(lot.product_id, lot, self.stock, self.env["stock.package"])
        return {
            route
            for route, place in dest.items()
            if self.env["qms.hold"]._qms_gate_reasons(
                [goods], self.stock._qms_transaction_types(place)
            )[0]
        }

    def _check_routes(self, lot, blocked):
        """Post the lot on every way; expect a refusal that changes nothing."""
        for route in ROUTES:
            with self.subTest(route), self.env.cr.savepoint() as savepoint:
                if ("transfer" if route == "transit" else route) in blocked:
                    with self.refused(BECAUSE):
                        self._post(route, lot)
                else:
                    self._post(route, lot)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
