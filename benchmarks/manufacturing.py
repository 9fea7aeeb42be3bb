"""Manufacturing orders: confirm and close."""

from . import goods
from .databases import measure


class Manufacturing:
    """An order that consumes one lot of each of 50 components, with 100 lots each."""

    title = "Manufacturing order with 50 component lots"
    components, lots_each = 50, 100

    def prepare(self, env):
        """Make the goods; return the products that holds may be placed on."""
        parts = goods.make_products(env, "Component", self.components)
        goods.make_stock(env, parts, self.lots_each)
        product = goods.make_product(env, "Assembly")
        bom = env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": part.id, "product_qty": 1}) for part in parts
                ],
            }
        )
        self.bom_id = bom.id
        return parts.ids

    def run(self, env):
        """Return the samples of one run, by step."""
        order = self._make_order(env)
        confirm = measure(env, lambda: self._confirm(order))
        assert order.reservation_state == "assigned", order.reservation_state
        close = measure(env, lambda: self._close(order))
        assert order.state == "done", order.state
        assert len(order.move_raw_ids.move_line_ids.lot_id) == self.components
        return {"confirm": confirm, "close": close}

    def _make_order(self, env):
        bom = env["mrp.bom"].browse(self.bom_id)
        product = bom.product_tmpl_id.product_variant_id
        return env["mrp.production"].create(
            {"product_id": product.id, "bom_id": bom.id, "product_qty": 1}
        )

    def _confirm(self, order):
        order.action_confirm()
        order.action_assign()

    def _close(self, order):
        order.action_generate_serial()
        order.qty_producing = 1
        order.set_qty_producing()
        order.with_context(skip_expired=True).button_mark_done()
