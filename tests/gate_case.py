"""What people do with goods in Odoo, one method each, for the property test."""

from collections import Counter

from odoo.tests import Form

from odoo.addons.qms_quality.tests.common import STOCK_USER, QmsCase

from .gate_model import INSIDE, STATUSES, Effect, Key

LOTS = ("LOT0", "LOT1", "LOT2")
PACKAGES = ("P0", "P1")
# What lies where when an example begins, before a part of it is delivered.
START = (
    ("milk", "LOT0", "stock", None, 9),
    ("milk", "LOT0", "shelf", None, 6),
    ("milk", "LOT1", "stock", "P0", 8),
    ("milk", "LOT2", "shelf", None, 7),
    ("milk", "LOT2", "zone", None, 4),
    ("salt", None, "stock", None, 9),
    ("salt", None, "shelf", None, 7),
    ("salt", None, "stock", "P1", 4),
)


class GateCase(QmsCase):
    """Two products in four places, and a clerk who moves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls._make_user("qms_worker", "mrp.group_mrp_user", STOCK_USER)
        cls.clerk.group_ids |= cls.env.ref("stock.group_tracking_lot")
        south = cls.env["stock.warehouse"].create({"name": "South", "code": "SOUTH"})
        production = cls.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.places = {
            "stock": cls.stock,
            "shelf": cls.shelf,
            "zone": cls._make_location(
                "Zone", cls.warehouse.view_location_id, qms_zone="quarantine"
            ),
            "south": south.lot_stock_id,
            "supplier": cls.supplier,
            "customer": cls.customer,
            "production": production,
            "loss": cls.product.property_stock_inventory,
        }
        cls.place_names = {place.id: name for name, place in cls.places.items()}
        cls.products = {"milk": cls.product, "salt": cls.untracked}
        cls.product_names = {one.id: name for name, one in cls.products.items()}
        cls.lots = {name: cls._make_lot(name) for name in LOTS}
        cls.lot_names = {lot.id: name for name, lot in cls.lots.items()}
        cls.packages = {
            name: cls.env["stock.package"].create({"name": name}) for name in PACKAGES
        }
        cls.package_names = {one.id: name for name, one in cls.packages.items()}
        cls.statuses = {
            name: cls.env.ref(f"qms_quality.status_{name}")
            for name in [*STATUSES, "available"]
        }
        cls.cake = cls._make_product("Cake", tracking="none")
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.cake.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": cls.product.id, "product_qty": 1})
                ],
            }
        )

    def lot(self, name):
        """Return the lot of this name, empty for None."""
        return self.lots.get(name) or self.env["stock.lot"]

    def package(self, name):
        """Return the package of this name, empty for None."""
        return self.packages.get(name) or self.env["stock.package"]

    # -- Reading the database ----------------------------------------------------------

    def last_line_id(self):
        """Return the id that the lines to come are above."""
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM stock_move_line")
        return self.env.cr.fetchone()[0]

    def read_lines(self, after):
        """Return what each done line above the id ``after`` has moved."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT l.id, l.product_id, l.lot_id, l.location_id, l.location_dest_id,
                      l.package_id, l.result_package_id, l.quantity_product_uom
               FROM stock_move_line l JOIN stock_move m ON m.id = l.move_id
               WHERE m.state = 'done' AND l.id > %s AND l.product_id IN %s
                 AND l.quantity_product_uom > 0""",
            (after, tuple(self.product_names)),
        )
        return {
            line: Effect(
                self.product_names[product],
                self.lot_names.get(lot),
                self.place_names.get(source, "loss"),
                self.place_names.get(dest, "loss"),
                self.package_names.get(package),
                self.package_names.get(package_dest),
                quantity,
            )
            for line, product, lot, source, dest, package, package_dest, quantity in (
                self.env.cr.fetchall()
            )
        }

    def read_quants(self):
        """Return all stock of the products, its statuses read anew."""
        self.env.flush_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", list(self.product_names)),
                ("location_id", "in", [self.places[place].id for place in INSIDE]),
            ]
        )
        quants.invalidate_recordset(["inspection_status_id"])
        return quants

    def read_reserved(self):
        """Return how much of which goods open lines have reserved."""
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "in", list(self.product_names)),
                ("location_id", "in", [self.places[place].id for place in INSIDE]),
                ("state", "not in", ("draft", "done", "cancel")),
            ]
        )
        reserved = Counter()
        for line in lines:
            reserved[self.key(line)] += line.quantity_product_uom
        return +reserved

    def key(self, quant):
        """Return what the model calls the goods of a quant, or of a line."""
        return Key(
            self.product_names[quant.product_id.id],
            self.lot_names.get(quant.lot_id.id),
            self.place_names[quant.location_id.id],
            self.package_names.get(quant.package_id.id),
        )

    def quant(self, key):
        """Return the quant of the goods ``key``, as the clerk."""
        quants = self.read_quants().filtered(
            lambda quant: quant.quantity and self.key(quant) == key
        )
        assert len(quants) == 1, f"{key} has quants of {quants.mapped('quantity')}"
        return quants.with_user(self.clerk)

    # -- Acting ------------------------------------------------------------------------

    def hold(self, product, lot, region, status):
        """Hold the goods in a region of the model; return the hold."""
        kind, name = region
        return self._hold(
            self.statuses[status],
            product=self.products[product],
            lot=self.lot(lot),
            location=kind == "place" and self.places[name],
            package=kind == "package" and self.packages[name],
        )

    def _line_vals(self, move, lot, quantity, package=None, package_dest=None):
        return {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": move.product_id.id,
            "lot_id": self.lot(lot).id,
            "quantity": quantity,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "package_id": self.package(package).id,
            "result_package_id": self.package(package_dest).id,
        }

    def stock_up(self):
        """Fill the places, deliver some and order some.

        :return: transfers; so there is something to hold, to free, and to correct
        """
        for product, lot, place, package, quantity in START:
            self.post(product, lot, quantity, "supplier", place, None, package)
        self.post("milk", "LOT0", 3, "stock", "customer")
        self.post("milk", "LOT2", 2, "shelf", "customer")
        done = self.post("salt", None, 2, "shelf", "customer")
        return [done, self.order("milk", 14), self.order("salt", 9)]

    def post(
        self, product, lot, quantity, source, dest, package=None, package_dest=None
    ):
        """Make and validate a transfer of exactly these goods, as the clerk."""
        codes = {"supplier": "incoming"}
        picking = self._picking(
            codes.get(source) or {"customer": "outgoing"}.get(dest, "internal"),
            quantity,
            self.products[product],
            source=self.places[source],
            dest=self.places[dest],
        ).with_user(self.clerk)
        picking.move_ids.picking_type_id.sudo().reservation_method = "manual"
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        self.env["stock.move.line"].with_user(self.clerk).with_context(
            qms_picked_by_system=True
        ).create(self._line_vals(move, lot, quantity, package, package_dest))
        move.picked = True
        picking.button_validate()
        assert picking.state == "done", picking.state
        return picking

    def order(self, product, quantity):
        """Make a delivery that reserves what it may, as the clerk."""
        picking = self._picking("outgoing", quantity, self.products[product])
        picking = picking.with_user(self.clerk)
        picking.action_confirm()
        picking.action_assign()
        return picking

    def ship(self, picking):
        """Validate what a delivery has reserved, without a backorder."""
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        assert picking.state == "done", picking.state

    def take_back(self, picking, quantity):
        """Return part of a delivery from the customer, as the clerk."""
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.clerk)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves[:1].quantity = quantity
        back = wizard._create_return()
        back.move_ids.filtered(lambda move: not move.move_line_ids).unlink()
        if back.move_ids:
            back.move_ids.picked = True
            back.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=back.ids
            ).button_validate()

    def scrap(self, key, quantity):
        """Scrap goods, as the clerk."""
        self.env["stock.scrap"].with_user(self.clerk).create(
            {
                "product_id": self.products[key.product].id,
                "lot_id": self.lot(key.lot).id,
                "package_id": self.package(key.package).id,
                "location_id": self.places[key.place].id,
                "scrap_location_id": self.places["loss"].id,
                "scrap_qty": quantity,
            }
        ).do_scrap()

    def produce(self, key, quantity):
        """Make cake of exactly these goods, as a worker."""
        order = (
            self.env["mrp.production"]
            .with_user(self.worker)
            .create(
                {
                    "product_id": self.cake.id,
                    "bom_id": self.bom.id,
                    "product_qty": quantity,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                }
            )
        )
        order.action_confirm()
        order.qty_producing = quantity
        order._set_qty_producing()
        move = order.move_raw_ids
        move._do_unreserve()
        move.move_line_ids.unlink()
        vals = self._line_vals(move, key.lot, quantity, key.package)
        vals["location_id"] = self.places[key.place].id
        self.env["stock.move.line"].with_user(self.worker).with_context(
            qms_picked_by_system=True
        ).create(vals)
        move.picked = True
        order.button_mark_done()
        assert order.state == "done", order.state

    def add_line(self, move, key):
        """Add one unit to a move that is done, as the clerk."""
        vals = self._line_vals(move, key.lot, 1, key.package)
        vals["location_id"] = self.places[key.place].id
        self.env["stock.move.line"].with_user(self.clerk).create(vals)
