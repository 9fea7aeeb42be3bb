from odoo import api, models
from odoo.fields import Domain


class QmsExpiryReport(models.Model):
    """What can be done from the list of what expires."""

    _inherit = "qms.expiry.report"

    @api.model
    def _get_action(self, name, records):
        """Return the action that opens the report of some records.

        :param str name: the field that they are values of
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_shelf_life.qms_expiry_report_action"
        )
        return {**action, "domain": [(name, "in", records.ids)], "context": {}}

    def action_open_lot(self):
        """Open the lot of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "views": [(False, "form")],
        }

    def action_print(self):
        """Print these rows; without a choice, all that the list shows.

        :raise UserError: if there are none, or too many for paper
        """
        return self._qms_choose().action_print()

    def action_export(self):
        """Hand out these rows as an Excel file; without a choice, all of the list.

        :raise UserError: if there are none, or too many
        """
        return self._qms_choose().action_export()

    def _qms_choose(self):
        """Return the choice of what is printed."""
        context = self.env.context
        if self:
            domain = [("id", "in", self.ids)]
        elif context.get("active_model") == self._name:
            domain = context.get("active_domain") or []
        else:
            domain = []
        return self.env["qms.expiry.print"].create({"domain": domain})

    def action_compute(self):
        """Reckon anew what is at risk of the products of these rows; of all, without a
        choice. What takes long is done in the background.

        :return: what to show
        """
        self.check_access("read")
        domain = Domain("warehouse_id", "!=", False)
        if self:
            domain &= Domain("id", "in", self.ids)
        groups = self._read_group(domain, ["product_id", "warehouse_id"])
        pairs = {(product.id, warehouse.id) for product, warehouse in groups}
        if self.env["qms.expiry.forecast"]._refresh(pairs):
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "What is at risk is being reckoned. Open the report again in a few"
                    " minutes."
                ),
            },
        }

    def _get_cell(self, name):
        """Return the value of a column, as a file shows it."""
        value = self[name]
        return value.display_name if isinstance(value, models.BaseModel) else value
