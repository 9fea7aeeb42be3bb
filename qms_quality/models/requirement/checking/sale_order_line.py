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
        lines = self.filtered(
            lambda line: (
                line._origin
                and line.state in ("draft", "sent")
                and line.display_qty_widget
                and line.warehouse_id
            )
        )
        for line, unfit in self._qms_get_unfit(lines._qms_get_fits()).items():
            quantity = line.product_id.uom_id._compute_quantity(
                unfit, line.product_uom_id
            )
            line.free_qty_today -= quantity
            line.virtual_available_at_date -= quantity

    def _qms_get_fits(self):
        """Return the domain of the stock that each line can take: ``{line: Domain}``.

        Those that can take all are left out.
        """
        copies, found = self.env["qms.qrs.document.line"], {}
        if copies._qms_has_copies():
            keys = {(self._name, line.id) for line in self._origin}
            found = copies._qms_get_by_line(keys)
        fits = {
            line: line._qms_get_fit_domain(
                found.get((self._name, line._origin.id), copies),
                self._qms_get_day(line.scheduled_date, line.warehouse_id),
            )
            for line in self
        }
        return {line: domain for line, domain in fits.items() if not domain.is_true()}

    def _qms_get_fit_domain(self, copy, day):
        """Return the domain of the stock that this line can take. Extension point.

        :param copy: ``qms.qrs.document.line`` of this line, maybe empty
        :param date day: on which the goods are delivered
        """
        return copy._qms_get_strict_domain(day) if copy else Domain.TRUE

    def _qms_get_unfit(self, fits):
        """Return how much of what is free each line can't take: ``{line: quantity}``.

        :param dict fits: ``{line: Domain}`` of what each can take
        """
        selects = [
            line._qms_get_unfit_sql(number, domain)
            for number, (line, domain) in enumerate(fits.items())
        ]
        if not selects:
            return {}
        lines = list(fits)
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        return {lines[number]: unfit for number, unfit in rows if unfit}

    def _qms_get_unfit_sql(self, number, fits):
        """Return the SQL of the number and what is free of unfit goods."""
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
