from odoo import api, fields, models

from odoo.addons.qms_quality.models.sentinel import trusted

from .fefo_simulation import Demand, simulate


class QmsExpiryForecast(models.Model):
    """What will not be taken of a product in a warehouse before it can't be sold."""

    _name = "qms.expiry.forecast"
    _description = "Forecast of Goods at Risk"
    _inherit = ["qms.protected.mixin"]
    _order = "warehouse_id, product_id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    daily_use = fields.Float(
        string="Average Use per Day",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
        help="What left the warehouse to customers, production and other warehouses in"
        " the last weeks, less what customers sent back.",
    )
    ordered = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="What open transfers and manufacturing orders still take.",
    )
    date_computed = fields.Datetime(
        string="Computed on", readonly=True, index=True, help="Empty: to be done again."
    )
    line_ids = fields.One2many(
        "qms.expiry.forecast.line", "forecast_id", string="Stock at Risk", readonly=True
    )

    _goods_uniq = models.Constraint(
        "unique(product_id, warehouse_id)",
        "There is a forecast of this product in this warehouse already.",
    )

    @api.model
    def _make(self, pairs):
        """Return the forecasts of products in warehouses, new ones where needed.

        :param pairs: set of ``(product id, warehouse id)``
        """
        forecasts = trusted(self.sudo())
        found = forecasts.search(
            [
                ("product_id", "in", [product for product, _place in pairs]),
                ("warehouse_id", "in", [place for _product, place in pairs]),
            ]
        ).filtered(lambda one: (one.product_id.id, one.warehouse_id.id) in pairs)
        known = {(one.product_id.id, one.warehouse_id.id) for one in found}
        warehouses = self.env["stock.warehouse"].sudo()
        return found | forecasts.create(
            [
                {
                    "product_id": product,
                    "warehouse_id": place,
                    "company_id": warehouses.browse(place).company_id.id,
                }
                for product, place in sorted(pairs - known)
            ]
        )

    def _compute_risk(self):
        """Simulate what demand takes of these products, and keep what it leaves over.

        In a number of queries that grows with the warehouses only.
        """
        # what is locked is being reckoned by somebody else
        todo = self.try_lock_for_update()
        vals_list = []
        for warehouse, forecasts in todo.grouped("warehouse_id").items():
            vals_list += forecasts._prepare_risk(warehouse)
        lines = self.env["qms.expiry.forecast.line"]
        # places can come to another warehouse, with what is in them
        moved = lines.search([("quant_ref", "in", [v["quant_ref"] for v in vals_list])])
        (todo.line_ids | moved).unlink()
        lines.create(vals_list)

    def _prepare_risk(self, warehouse):
        """Write the demand for these products, and return the values of their lines."""
        products = self.product_id
        today = warehouse._qms_get_day()
        lots = self._get_dated_lots(products, warehouse)
        ordered = self._get_ordered(products, warehouse, today)
        used = self._get_daily_use(products, warehouse, today)
        now, vals_list = fields.Datetime.now(), []
        for forecast in self:
            product = forecast.product_id
            orders, daily = ordered[product.id], used.get(product.id, 0.0)
            forecast.write(
                {
                    "daily_use": daily,
                    "ordered": sum(orders.values()),
                    "date_computed": now,
                }
            )
            left = simulate(lots[product.id], Demand(orders, daily, today))
            # held goods are taken by nobody
            left.update({one.key: one.quantity for one in lots[product.id, "held"]})
            vals_list += [
                {"forecast_id": forecast.id, "quant_ref": quant, "quantity": quantity}
                for quant, quantity in left.items()
                if product.uom_id.compare(quantity, 0) > 0
            ]
        return vals_list

    @api.model
    def _get_protection_text(self):
        return self.env._("Goods at risk are reckoned by the system only.")
