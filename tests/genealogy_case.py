"""What people do that makes lots of lots, one method each, for the property test."""

from odoo.addons.qms_traceability.tests.common_genealogy import GenealogyCase

from .genealogy_model import Line

MILK = ("M0", "M1", "M2")
CHEESE = ("C0", "C1", "C2")


class GenealogyHistoryCase(GenealogyCase):
    """Milk of which cheese is made, devices with serial numbers, salt without lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # names stay unique over all examples; what was rolled back is left out
        cls.lots = {name: cls._make_lot(name) for name in MILK}
        cls.lots.update({name: cls._make_lot(name, cls.cheese) for name in CHEESE})
        for name in (*MILK, *CHEESE):
            cls._count_in(1000, cls.lots[name])
        cls._stock_up(1000, product=cls.untracked)
        cls.whey = cls._make_product("Whey", tracking="none")

    @classmethod
    def _count_in(cls, quantity, lot):
        """Put a lot into stock by an inventory count, so that lines tell of it."""
        quant = (
            cls.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "location_id": cls.stock.id,
                    "inventory_quantity": quantity,
                }
            )
        )
        quant.action_apply_inventory()
        cls.env.flush_all()

    def last_line_id(self):
        """Return the id that the lines to come are above."""
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM stock_move_line")
        return self.env.cr.fetchone()[0]

    def read_lines(self, after):
        """Return the done lines above the id ``after``, oldest first."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT l.id, l.product_id, l.lot_id, l.quantity_product_uom,
                      m.production_id, m.raw_material_production_id, m.unbuild_id,
                      place.usage, dest.usage, l.date
               FROM stock_move_line l
               JOIN stock_move m ON m.id = l.move_id
               JOIN stock_location place ON place.id = l.location_id
               JOIN stock_location dest ON dest.id = l.location_dest_id
               WHERE m.state = 'done' AND l.id > %s ORDER BY l.id""",
            [after],
        )
        return [Line(*row) for row in self.env.cr.fetchall()]

    def read_links(self):
        """Return all rows of the genealogy, oldest first."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM qms_lot_link ORDER BY id")
        return self.env.cr.dictfetchall()

    def new_serials(self, count):
        """Return the names of so many serial numbers that were never used."""
        known = len(self.lots)
        names = [f"D{known + number}" for number in range(count)]
        self.lots.update({name: self._make_lot(name, self.device) for name in names})
        return names

    # -- What people do ----------------------------------------------------------------

    def goods(self, name):
        """Return the lot of this name, the product without lots for None."""
        return self.lots[name] if name else self.untracked

    def make(self, uses, outputs, whey=0):
        """Close an order: ``uses`` are (name, quantity), ``outputs`` names."""
        lots = [self.lots[name] for name in outputs]
        quantity = len(lots) if lots[0].product_id.tracking == "serial" else 5
        uses = [(self.goods(name), used) for name, used in uses]
        order = self._start(lots[0].product_id, quantity, uses)
        if whey:
            order.move_byproduct_ids = [
                (
                    0,
                    0,
                    {
                        "product_id": self.whey.id,
                        "product_uom_qty": whey,
                        "quantity": whey,
                        "location_id": order.production_location_id.id,
                        "location_dest_id": self.stock.id,
                    },
                )
            ]
        return self._finish(order, *lots)

    def unbuild(self, order, quantity):
        """Take apart what an order made."""
        unbuild = self.env["mrp.unbuild"].create(
            {
                "product_id": order.product_id.id,
                "mo_id": order.id,
                "lot_id": order.move_finished_ids.move_line_ids.lot_id[:1].id,
                "product_qty": quantity,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        )
        unbuild.action_unbuild()
        return unbuild

    def receive(self, name, quantity):
        """Receive a lot; return the line."""
        receipt = self._picking("incoming", quantity)
        receipt.action_confirm()
        receipt.move_line_ids.write(
            {"lot_id": self.lots[name].id, "quantity": quantity}
        )
        receipt.move_ids.picked = True
        receipt.button_validate()
        return receipt.move_line_ids

    def deliver(self, name, quantity):
        """Deliver a lot; return the transfer."""
        lot = self.lots[name]
        delivery = self._delivery(quantity, lot, product=lot.product_id)
        delivery.button_validate()
        return delivery

    def take_back(self, delivery):
        """Return all of a delivery."""
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        for line in wizard.product_return_moves:
            line.quantity = line.move_quantity
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        return back

    def split(self, name, quantity):
        """Split a lot; return the child."""
        lot = self.lots[name]
        quant = lot.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock and quant.quantity >= quantity
        )[:1]
        if not quant:
            return None
        wizard = self.env["qms.lot.split"].create(
            {"lot_id": lot.id, "quant_id": quant.id, "quantity": quantity}
        )
        return self.env["stock.lot"].browse(wizard.action_split()["res_id"])

    def merge(self, name, target):
        """Merge one lot into another; return how much it was."""
        lots = self.lots[name] | self.lots[target]
        quants = self.lots[name].quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal" and quant.quantity > 0
        )
        quantity = sum(quants.mapped("quantity"))
        self.env["qms.lot.merge"].create(
            {"lot_ids": [(6, 0, lots.ids)], "target_lot_id": self.lots[target].id}
        ).action_merge()
        return quantity
