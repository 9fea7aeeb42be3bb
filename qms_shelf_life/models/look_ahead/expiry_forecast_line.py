from odoo import api, fields, models


class QmsExpiryForecastLine(models.Model):
    """How much of a piece of stock is at risk. What isn't has no line."""

    _name = "qms.expiry.forecast.line"
    _description = "Stock at Risk"
    _inherit = ["qms.protected.mixin"]
    _order = "id"

    forecast_id = fields.Many2one(
        "qms.expiry.forecast",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # no foreign key: stock comes and goes, and never waits for a forecast
    quant_ref = fields.Integer(string="Quant", required=True, readonly=True)
    quantity = fields.Float(
        string="Quantity at Risk", readonly=True, digits="Product Unit", aggregator=None
    )

    _quant_uniq = models.UniqueIndex("(quant_ref)")

    @api.model
    def _get_protection_text(self):
        return self.env["qms.expiry.forecast"]._get_protection_text()
