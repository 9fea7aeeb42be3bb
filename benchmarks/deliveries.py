"""Deliveries: reserve and validate."""

from . import goods
from .databases import measure


class OneProduct:
    """A delivery of 200 lots of one product that has 5,000."""

    title = "Delivery of 200 lots of one product"
    products, lots_each, moves, quantity = 1, 5_000, 1, 200

    def prepare(self, env):
        """Make the goods; return the products that holds may be placed on."""
        products = goods.make_products(env, type(self).__name__, self.products)
        goods.make_stock(env, products, self.lots_each)
        self.product_ids = products.ids
        return products.ids

    def run(self, env):
        """Return the samples of one run, by step."""
        picking = self._make_picking(env)
        picking = picking.with_context(skip_sms=True, skip_expired=True)
        reserve = measure(env, picking.action_confirm)
        assert picking.state == "assigned", picking.state
        assert len(picking.move_line_ids) == 200, len(picking.move_line_ids)
        validate = measure(env, picking.button_validate)
        assert picking.state == "done", picking.state
        return {"reserve": reserve, "validate": validate}

    def _make_picking(self, env):
        kind = goods.warehouse(env).out_type_id
        places = {
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        products = env["product.product"].browse(self.product_ids)
        return env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": env.ref("base.res_partner_2").id,
                **places,
                "move_ids": [
                    (0, 0, self._prepare_move(product, places)) for product in products
                ],
            }
        )

    def _prepare_move(self, product, places):
        return {
            "product_id": product.id,
            "product_uom_qty": self.quantity,
            "product_uom": product.uom_id.id,
            **places,
        }


class ManyProducts(OneProduct):
    """A delivery of 200 products, each with 25 lots."""

    title = "Delivery of 200 products, one lot each"
    products, lots_each, quantity = 200, 25, 1
