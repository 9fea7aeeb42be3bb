from odoo import api, fields, models

CORE_DATES = ("expiration_date", "use_date", "removal_date", "alert_date")
# What is guarded, and moves other dates along.
DATES = {*CORE_DATES, "qms_production_date", "qms_sell_by_date"}


class StockLot(models.Model):
    """When a lot expires, by its product's rule."""

    _inherit = "stock.lot"

    qms_production_date = fields.Date(
        string="Production Date",
        help="When the goods were made: the vendor's date for bought goods.",
    )
    qms_rule_expiration_date = fields.Datetime(
        string="Expiration by Rule",
        readonly=True,
        copy=False,
        help="When the lot would expire if its ingredients didn't expire before.",
    )
    qms_ingredient_date = fields.Datetime(
        string="Ingredients Expire",
        readonly=True,
        copy=False,
        help="When the first of the ingredients expires that limit this lot.",
    )

    def _qms_is_audited(self, field):
        # core's dates decide what may be used: they are followed like ours
        return field.name in CORE_DATES or super()._qms_is_audited(field)

    def _compute_expiration_date(self):
        ruled = self.filtered(lambda lot: lot.product_id._qms_is_dated_by_rule())
        for lot in ruled:
            lot.expiration_date = lot._qms_get_first_expiration()
        return super(StockLot, self - ruled)._compute_expiration_date()

    @api.onchange("qms_production_date")
    def _onchange_qms_production_date(self):
        if self._qms_counts_from_production():
            self.expiration_date = self._qms_get_first_expiration()

    def _qms_counts_from_production(self):
        """Tell whether the production date decides when this lot expires."""
        product = self.product_id
        return (
            bool(product.use_expiration_date and self.qms_production_date)
            and product.product_tmpl_id._qms_get_shelf_life("qms_expiration_from")
            == "production"
        )

    def _qms_get_first_expiration(self, day=None):
        """Return when this lot expires by its rule, before anything is known of it.

        Where its goods are isn't known either: by the company's calendar.

        :param date day: of its receipt; today if empty
        :return: ``datetime``, False where the rule needs a date that isn't known
        """
        warehouse = self._qms_get_company_calendar()
        day = day or warehouse._qms_get_day()
        template = self.product_id.product_tmpl_id
        basis = template._qms_get_shelf_life("qms_expiration_from")
        start = {"vendor": False, "production": self.qms_production_date}.get(
            basis, day
        )
        return start and warehouse._qms_get_expiry_moment(
            template._qms_get_expiry_after(start)
        )

    # -- Whose calendar ----------------------------------------------------------------

    def _qms_get_company(self):
        """Return the company whose settings hold for this lot."""
        return self.company_id or self.location_id.company_id or self.env.company

    def _qms_get_company_calendar(self):
        """Return no warehouse, in the lot's company: it counts days as that does."""
        return self.env["stock.warehouse"].with_company(self._qms_get_company())

    def _qms_get_calendar(self):
        """Return the warehouse where this lot is, if it is in one; else as above."""
        return self.location_id.warehouse_id or self._qms_get_company_calendar()
