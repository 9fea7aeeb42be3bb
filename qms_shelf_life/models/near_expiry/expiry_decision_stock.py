from odoo import api, fields, models

# Totals of groups, of what is reckoned when it is shown; boards ask for the second.
TOTALS = ("stock_value:sum", "stock_value:sum_currency")


class QmsExpiryDecision(models.Model):
    """The goods of a decision: how many there are, what they are worth, and where."""

    _inherit = "qms.expiry.decision"

    days_left = fields.Integer(
        compute="_compute_days_left",
        help="Until the last day on which the goods may be used; negative: expired.",
    )
    expiry_day = fields.Date(string="Expires", compute="_compute_days_left")
    stock_quantity = fields.Float(
        string="In Stock",
        compute="_compute_stock",
        compute_sudo=True,
        digits="Product Unit",
        # bottles and kilograms make no sum
        aggregator=None,
        help="What is left to decide about, or being carried out.",
    )
    stock_value = fields.Monetary(compute="_compute_stock", compute_sudo=True)

    @api.depends("expiration_date", "warehouse_id")
    def _compute_days_left(self):
        for row in self:
            # sudo: the calendar is the warehouse's, whoever may read it
            warehouse = row.sudo().warehouse_id
            date = row.expiration_date
            day = date and warehouse._qms_get_day(date)
            row.expiry_day = day
            row.days_left = (day - warehouse._qms_get_day()).days if day else 0

    @api.depends("state", "lot_id.quant_ids.quantity")
    def _compute_stock(self):
        stock, claimed = self._get_stock(), self._get_claimed()
        for row in self:
            quants = stock[row]
            there = sum(quants.mapped("quantity"))
            if row.state == "waiting":
                row.stock_quantity = max(there - claimed[row], 0)
            else:
                open_quantity = row.quantity - row.done_quantity
                row.stock_quantity = open_quantity if row.state == "decided" else 0
            share = row.stock_quantity / there if there else 0
            value = sum(quants.mapped("value")) if share else 0
            row.stock_value = value * share

    def _get_stock(self):
        """Return the stock of each row in its warehouse: ``{row: stock.quant}``.

        In sudo; one query.
        """
        # sudo: who decides need not see the whole stock
        quants = self.env["stock.quant"].sudo()
        quants = quants.search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("location_id.usage", "=", "internal"),
                ("location_id.warehouse_id", "in", self.warehouse_id.ids),
                ("quantity", ">", 0),
            ],
            order="in_date, id",
        )
        found = quants.grouped(lambda q: (q.lot_id, q.location_id.warehouse_id))
        return {
            row: found.get((row.lot_id, row.sudo().warehouse_id), quants.browse())
            for row in self
        }

    def _get_claimed(self):
        """Return how much of its goods other rows carry out: ``{row: quantity}``."""
        return {
            row: sum(
                other.quantity - other.done_quantity
                for other in others
                if other.state == "decided"
            )
            for row, others in self._get_siblings().items()
        }

    def _forget_stock(self):
        """Have the stock reckoned anew: what other rows claim has changed."""
        self.env[self._name].invalidate_model(["stock_quantity", "stock_value"])

    def _get_decided_quantity(self):
        """Return how much a decision is about: what was said, else all."""
        self.ensure_one()
        return self.quantity or self.stock_quantity

    # -- Totals of groups --------------------------------------------------------------

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec in TOTALS:
            aggregate_spec = "id:recordset"
        return super()._read_group_select(aggregate_spec, query)

    def _read_group_postprocess_aggregate(self, aggregate_spec, raw_values):
        if aggregate_spec not in TOTALS:
            return super()._read_group_postprocess_aggregate(aggregate_spec, raw_values)
        groups = super()._read_group_postprocess_aggregate("id:recordset", raw_values)
        if aggregate_spec == "stock_value:sum":
            return (sum(rows.mapped("stock_value")) for rows in groups)
        return (rows._get_converted_value() for rows in groups)

    def _get_converted_value(self):
        """Return what the goods are worth together, in the company's currency."""
        company, today = self.env.company, fields.Date.context_today(self)
        return sum(
            row.currency_id._convert(
                row.stock_value, company.currency_id, company, today
            )
            for row in self
        )

    # -- Screens -----------------------------------------------------------------------

    def action_open_stock(self):
        """Show where the goods are.

        :return: action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.stock_quant_action"
        )
        return {
            **action,
            "domain": [
                ("lot_id", "in", self.lot_id.ids),
                ("location_id.usage", "=", "internal"),
                ("location_id.warehouse_id", "in", self.warehouse_id.ids),
            ],
            "context": {"create": False, "edit": False},
        }
