from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """A quotation doesn't promise goods that its customer would not take."""

    _inherit = "sale.order.line"

    def _compute_qty_at_date(self):
        res = super()._compute_qty_at_date()
        self._qms_take_off_unfit()
        return res

    def _qms_take_off_unfit(self):
        """Leave goods that don't meet the line's requirements out of what is free.

        Of orders, the moves say what they can have. One query for all lines; none where
        no order has requirements.
        """
        copies = self.env["qms.qrs.document.line"]
        if not copies._qms_has_copies():
            return
        lines = self.filtered(
            lambda line: (
                line._origin
                and line.state in ("draft", "sent")
                and line.display_qty_widget
                and line.warehouse_id
            )
        )
        found = copies._qms_get_by_line({(self._name, one.id) for one in lines._origin})
        steered = {
            line: found[self._name, line._origin.id]
            for line in lines
            if (self._name, line._origin.id) in found
        }
        for line, unfit in self._qms_get_unfit(steered).items():
            quantity = line.product_id.uom_id._compute_quantity(
                unfit, line.product_uom_id
            )
            line.free_qty_today -= quantity
            line.virtual_available_at_date -= quantity

    def _qms_get_unfit(self, steered):
        """Return how much of what is free each line can't take: ``{line: quantity}``.

        :param dict steered: ``{line: qms.qrs.document.line}``
        """
        selects = [
            select
            for number, (line, copy) in enumerate(steered.items())
            if (select := line._qms_get_unfit_sql(number, copy))
        ]
        if not selects:
            return {}
        lines = list(steered)
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        return {lines[number]: unfit for number, unfit in rows if unfit}

    def _qms_get_unfit_sql(self, number, copy):
        """Return the SQL of the number and what is free of unfit goods, or None."""
        day = self._qms_get_day(self.scheduled_date, self.warehouse_id)
        fits = copy._qms_get_strict_domain(day)
        if fits.is_true():
            return None
        # sudo: all that is free counts, whoever asks
        Quant = self.env["stock.quant"].sudo()
        product = self.product_id.with_context(warehouse_id=self.warehouse_id.id)
        allowed = Quant._qms_gate_domain(
            "delivery", product=product, location=self.env["stock.location"]
        )
        # what is held is taken off already
        domain = Domain("product_id", "=", product.id) & allowed & ~fits
        query = Quant._search(domain & Domain(product._get_domain_locations()[0]))
        return query.select(
            SQL("%s", number),
            SQL(
                "SUM(%s - %s)",
                SQL.identifier(query.table, "quantity"),
                SQL.identifier(query.table, "reserved_quantity"),
            ),
        )
