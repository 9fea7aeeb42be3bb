from datetime import time, timedelta

from odoo import api, fields, models


class StockMove(models.Model):
    """Numbers that are made or pasted on a receipt get the dates of the rule."""

    _inherit = "stock.move"

    def _qms_get_expiration(self, product, moment=None, production_date=None):
        """Return when goods that arrive expire by their product's rule.

        :param product: ``product.product``
        :param datetime moment: when they arrive; now if empty
        :param date production_date: when they were made
        :return: ``datetime``, False where the rule needs a date that isn't known
        """
        warehouse = self._qms_get_arrival_calendar()
        template = product.product_tmpl_id
        basis = template._qms_get_shelf_life("qms_expiration_from") or "receipt"
        start = {
            "receipt": warehouse._qms_get_day(moment),
            "production": production_date,
        }.get(basis)
        return bool(start) and warehouse._qms_get_expiry_moment(
            template._qms_get_expiry_after(start)
        )

    def _qms_get_arrival_calendar(self):
        company = self.company_id or self.env.company
        warehouse = (
            self.picking_type_id.warehouse_id or self.location_dest_id.warehouse_id
        )
        return warehouse or self.env["stock.warehouse"].with_company(company)

    @api.model
    def action_generate_lot_line_vals(
        self, context_data, mode, first_lot, count, lot_text
    ):
        vals_list = super().action_generate_lot_line_vals(
            context_data, mode, first_lot, count, lot_text
        )
        product = self.env["product.product"].browse(
            context_data.get("default_product_id")
        )
        if product._qms_is_dated_by_rule():
            picking = self.env["stock.picking"].browse(
                context_data.get("default_picking_id")
            )
            move = picking.move_ids.filtered(lambda m: m.product_id == product)[:1]
            start = picking.scheduled_date or fields.Datetime.today()
            move._qms_replace_core_date(
                vals_list,
                start + timedelta(days=product.expiration_time),
                move._qms_get_expiration(product, picking.scheduled_date),
            )
        return vals_list

    def _generate_serial_move_line_commands(
        self, field_data, location_dest_id=False, origin_move_line=None
    ):
        commands = super()._generate_serial_move_line_commands(
            field_data, location_dest_id, origin_move_line
        )
        if self.product_id._qms_is_dated_by_rule():
            start = fields.Datetime.today()
            self._qms_replace_core_date(
                [command[2] for command in commands],
                start + timedelta(days=self.product_id.expiration_time),
                self._qms_get_expiration(
                    self.product_id, self.picking_id.scheduled_date
                ),
            )
        return commands

    def _qms_replace_core_date(self, vals_list, core, rule):
        """Put the rule's date where core has put its own.

        Dates that came with the numbers stay: core reads a day as its first moment in
        UTC, which is the day before in the west.
        """
        calendar = self._qms_get_arrival_calendar()
        for vals in vals_list:
            date = vals.get("expiration_date")
            if date == core:
                vals["expiration_date"] = rule
            elif date and date.time() == time.min:
                vals["expiration_date"] = calendar._qms_get_expiry_moment(date.date())
