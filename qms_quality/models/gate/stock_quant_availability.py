from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class StockQuant(models.Model):
    """Which goods the forecast can't count on."""

    _inherit = "stock.quant"

    def _qms_get_lost_domain(self, types, partner=None, product=None):
        """Return the domain of goods held in a status that is not expected to end.

        :param product: ``product.product`` that other reasons than holds are asked for
        """
        return Domain.custom(
            to_sql=lambda model, alias, query: self._qms_get_lost_sql(
                alias, types, partner, product=product
            ),
            predicate=lambda quant: quant._qms_is_lost(types, partner),
        )

    def _qms_is_lost(self, types, partner=None):
        self.ensure_one()
        (reasons,) = self.env["qms.hold"]._qms_gate_reasons(
            self._qms_get_goods(), types, partner=partner
        )
        return any(
            reason.policy == "block" and not reason.status.expected_release
            for reason in reasons
        )

    def _qms_get_lost_sql(self, alias, types, partner=None, product=None, date=None):
        """Return the SQL of the same, for quants called ``alias``."""
        self.env["qms.hold"].flush_model()
        self.env["qms.inspection.status"].flush_model(["expected_release"])
        look_up = SQL(
            """SELECT 1 FROM qms_hold h
               JOIN qms_inspection_status s ON s.id = h.status_id
               LEFT JOIN stock_location hl ON hl.id = h.location_id
               LEFT JOIN stock_location ql ON ql.id = %(location)s
               WHERE h.state = 'open' AND h.product_id = %(product)s
                 AND s.expected_release IS NOT TRUE
                 AND (h.package_id IS NULL OR h.package_id = %(package)s)
                 AND (hl.id IS NULL OR ql.parent_path LIKE hl.parent_path || '%%')
                 AND (%(blocks)s)""",
            location=SQL.identifier(alias, "location_id"),
            product=SQL.identifier(alias, "product_id"),
            package=SQL.identifier(alias, "package_id"),
            blocks=self._qms_get_blocks_sql(types, partner),
        )
        return SQL(
            """(EXISTS (%(look_up)s AND h.lot_id IS NULL)
                OR EXISTS (%(look_up)s AND h.lot_id = %(lot)s))""",
            look_up=look_up,
            lot=SQL.identifier(alias, "lot_id"),
        )
