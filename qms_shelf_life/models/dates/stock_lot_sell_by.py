from odoo import api, fields, models


class StockLot(models.Model):
    """Until when a lot should be sold: its product's wish, which blocks nothing."""

    _inherit = "stock.lot"

    qms_sell_by_date = fields.Date(
        string="Sell-by Date",
        compute="_compute_qms_sell_by_date",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The day of expiry less the product's sales minimum shelf life. It informs"
        " and blocks nothing.",
    )

    @api.depends("product_id", "expiration_date")
    def _compute_qms_sell_by_date(self):
        """Compute it from the day of expiry; keep it, where the company does so."""
        dated = self.filtered("product_id.use_expiration_date")
        for lot in self - dated:
            lot.qms_sell_by_date = False
        for lot in dated:
            if not lot._qms_keeps_sell_by():
                lot.qms_sell_by_date = lot._qms_get_sell_by()

    def _qms_keeps_sell_by(self):
        old = self._origin
        return (
            bool(old.qms_sell_by_date)
            and old.product_id == self.product_id
            and self._qms_get_company().qms_sell_by_policy == "keep"
        )

    def _qms_get_sell_by(self):
        """Return the sell-by date as the product's rule has it now.

        :return: ``date``, False where there is no rule or no date
        """
        self.ensure_one()
        template = self.product_id.product_tmpl_id
        # the formula first: most products have none, and need no calendar
        if not self.expiration_date or not template._qms_get_shelf_life(
            "qms_sales_min_shelf_life"
        ):
            return False
        return template._qms_get_sell_by(
            self._qms_get_expiry_day(self._qms_get_calendar())
        )

    def _qms_recompute_sell_by(self):
        """Give these lots the sell-by date that their product's rule says now.

        The number of queries doesn't grow with the number of lots.

        :return: how many dates have changed
        """
        dates = {lot: lot._qms_get_sell_by() for lot in self}
        changed = {
            lot: {"qms_sell_by_date": date}
            for lot, date in dates.items()
            if date != lot.qms_sell_by_date
        }
        self._qms_put(changed)
        return len(changed)
