from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .transaction import TRANSACTION_TYPES

# An order asks for now, which is past when it is answered.
A_MOMENT = timedelta(minutes=1)


class ProductProduct(models.Model):
    """What is held is not promised: the numbers people plan with."""

    _inherit = "product.product"

    @api.depends_context("qms_gate_type", "qms_gate_partner")
    def _compute_quantities(self):
        return super()._compute_quantities()

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Leave held goods out of what is free, and lost ones out of the forecast.

        Goods that are expected to be released stay in the forecast, so that they are
        not bought again. Of what is held, core has taken off what is reserved.
        """
        args = (lot_id, owner_id, package_id, from_date, to_date)
        quantities = super()._compute_quantities_dict(*args)
        date = fields.Datetime.to_datetime(to_date)
        if date and date < fields.Datetime.now() - A_MOMENT:
            return quantities
        types = (self._qms_get_gate_type(),)
        gated = self.env["qms.hold"]._qms_get_gated_products(self._origin, types)
        if not gated:
            return quantities
        held = gated._qms_get_held_quantities(types, *args[:3], to_date)
        for product in self:
            if product._origin.id in held:
                product._qms_take_off(quantities[product.id], *held[product._origin.id])
        kits = self._qms_get_kits(gated)
        if kits:
            # a kit is made of what is left of its components
            known = {product: quantities[product] for product in (self - kits).ids}
            kits = kits.with_context(mrp_compute_quantities=known)
            quantities.update(
                super(ProductProduct, kits)._compute_quantities_dict(*args)
            )
        return quantities

    def _qms_get_gate_type(self):
        name = self.env.context.get("qms_gate_type")
        return name if name in dict(TRANSACTION_TYPES) else "delivery"

    def _qms_get_gate_partner(self):
        """Return for whom the goods are counted, empty where it is for anybody.

        The key steers what is shown; reservation and posting don't read it.
        """
        partner_id = self.env.context.get("qms_gate_partner")
        known = isinstance(partner_id, int) and partner_id
        return self.env["res.partner"].browse(known or ())

    def _qms_take_off(self, quantities, held, lost):
        uom = self.uom_id
        quantities["free_qty"] = uom.round(quantities["free_qty"] - held)
        quantities["virtual_available"] = uom.round(
            quantities["virtual_available"] - lost
        )

    def _qms_get_kits(self, gated):
        others = self - gated
        kits = self.env["mrp.bom"]._bom_find(others, bom_type="phantom")
        return others.filtered(lambda product: kits.get(product))

    def _qms_get_held_quantities(self, types, lot_id, owner_id, package_id, to_date):
        """Return how much of each product is blocked, and how much of it for good.

        One query: both sums are of what is not reserved.
        """
        Quant = self.env["stock.quant"].with_context(active_test=False)
        Quant.flush_model(["quantity", "reserved_quantity"])
        domain = self._qms_get_stock_domain(lot_id, owner_id, package_id, to_date)
        partner = self._qms_get_gate_partner()
        date = fields.Datetime.to_datetime(to_date) or None
        allowed = Quant._qms_gate_domain(
            types,
            product=self,
            location=self.env["stock.location"],
            partner=partner,
            date=date,
        )
        query = Quant._search(domain & ~allowed)
        alias = query.table
        product = SQL.identifier(alias, "product_id")
        unreserved = SQL(
            "SUM(%(quantity)s - %(reserved)s)",
            quantity=SQL.identifier(alias, "quantity"),
            reserved=SQL.identifier(alias, "reserved_quantity"),
        )
        query.groupby = product
        rows = self.env.execute_query(
            query.select(
                product,
                SQL("COALESCE(%s, 0)", unreserved),
                SQL(
                    "COALESCE(%s FILTER (WHERE %s), 0)",
                    unreserved,
                    Quant._qms_get_lost_sql(
                        alias, types, partner, product=self, date=date
                    ),
                ),
            )
        )
        return {product: (held, lost) for product, held, lost in rows}

    def _qms_get_stock_domain(self, lot_id, owner_id, package_id, to_date):
        """Return the domain of the stock that core has counted as free."""
        domain = Domain("product_id", "in", self.ids)
        domain &= Domain(self._get_domain_locations()[0])
        for name, value in (
            ("lot_id", lot_id),
            ("owner_id", owner_id),
            ("package_id", package_id),
        ):
            if value is not None:
                domain &= Domain(name, "=", value)
        if "owners" in self.env.context:
            domain &= Domain("owner_id", "in", self.env.context["owners"] or [False])
        if "removal_date" in self.env["stock.quant"]._fields:
            # product_expiry has taken off what is to be removed already
            limit = to_date or fields.Date.context_today(self)
            fresh = Domain("removal_date", "=", False)
            domain &= fresh | Domain("removal_date", ">", limit)
        return domain
