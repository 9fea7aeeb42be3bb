from odoo import models


class StockForecasted(models.AbstractModel):
    """The forecast counts on goods that are expected to be released, no others.

    Where a move asks whether it can have goods (``qms_gate_type``), held ones are none.
    """

    _inherit = "stock.forecasted_product_product"

    def _get_quant_domain(self, location_ids, products):
        domain = super()._get_quant_domain(location_ids, products)
        types = (products._qms_get_gate_type(),)
        gated = self.env["qms.hold"]._qms_get_gated_products(products, types)
        if not gated:
            return domain
        Quant, partner = self.env["stock.quant"], products._qms_get_gate_partner()
        if self.env.context.get("qms_gate_type"):
            return [
                *domain,
                *Quant._qms_gate_domain(
                    types, product=gated, location=None, partner=partner
                ),
            ]
        return [*domain, *~Quant._qms_get_lost_domain(types, partner, gated)]
