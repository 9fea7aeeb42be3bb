from .common import TraceCase


class GenealogyCase(TraceCase):
    """Small factories for lots that are made of lots.

    Goods are what ``_use`` takes: a lot, or a product without lots.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls._make_product("Cheese")
        cls.device = cls._make_product("Device", tracking="serial")
        cls.links = cls.env["qms.lot.link"]

    @classmethod
    def _start(cls, product, quantity, uses, **vals):
        """Return a confirmed order of the worker; ``uses`` are (goods, quantity)."""
        order = (
            cls.env["mrp.production"]
            .with_user(cls.worker)
            .create(
                {
                    "product_id": product.id,
                    "product_qty": quantity,
                    "picking_type_id": cls.warehouse.manu_type_id.id,
                    "location_src_id": cls.stock.id,
                    "location_dest_id": cls.stock.id,
                    **vals,
                }
            )
        )
        order.action_confirm()
        for goods, used in uses:
            cls._use(order, goods, used)
        return order

    @classmethod
    def _use(cls, order, goods, quantity):
        """Take goods for an order, done ones included; return the line."""
        lot = goods if goods._name == "stock.lot" else goods.env["stock.lot"]
        product = lot.product_id or goods
        move = order.move_raw_ids.filtered(lambda m: m.product_id == product)
        if not move:
            move = cls.env["stock.move"].create(
                {
                    "raw_material_production_id": order.id,
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": order.location_src_id.id,
                    "location_dest_id": order.production_location_id.id,
                    "state": "done" if order.state == "done" else "confirmed",
                }
            )
        line = cls.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "product_id": product.id,
                "lot_id": lot.id,
                "quantity": quantity,
                "location_id": order.location_src_id.id,
                "location_dest_id": order.production_location_id.id,
                "picked": True,
            }
        )
        move.picked = True
        return line

    @classmethod
    def _finish(cls, order, *lots):
        """Close an order that made these lots, or goods without lots."""
        if lots:
            order.lot_producing_ids = [(6, 0, [lot.id for lot in lots])]
        order.qty_producing = order.product_qty
        result = order.with_user(cls.worker).button_mark_done()
        assert order.state == "done", result
        return order

    @classmethod
    def _make(cls, quantity, lots, uses, product=None):
        """Return a done order that made ``lots`` (one, or serials) of ``uses``."""
        product = product or lots[0].product_id
        return cls._finish(cls._start(product, quantity, uses), *lots)

    def _written(self, domain=()):
        """Return the links that hold: ``{(from, to): (quantity, kind)}``, by names."""
        links = self.links.search(
            [*self.links._get_valid_domain(), *domain], order="id"
        )
        return {
            (
                (link.from_lot_id or link.from_product_id).name,
                (link.to_lot_id or link.to_product_id).name,
            ): (round(link.quantity, 6), link.kind)
            for link in links
        }

    def _of(self, *documents):
        """Return the domain of the links of documents."""
        names = {document._name for document in documents}
        ids = [id_ for document in documents for id_ in document.ids]
        return [("res_model", "in", list(names)), ("res_id", "in", ids)]
