from odoo import models


class QmsTrackedProduct(models.Model):
    """A finished product is produced, or goes to another part of its order."""

    _inherit = "qms.tracked.product"

    # -- Splitting ---------------------------------------------------------------------

    def _move_to(self, order):
        """Let another part of the order make this, with all that is registered."""
        self.ensure_one()
        for one in self.component_ids.filtered("move_id"):
            one._change({"move_id": one._get_move_of(order).id})
        self._change({"production_id": order.id})

    # -- Closing -----------------------------------------------------------------------

    def _finish(self):
        """Note that these are made; what is wrong with them is dealt with."""
        for row in self:
            row._change({"state": "done", **row._prepare_made()})
        registrations = self.component_ids.filtered(lambda one: one.state == "open")
        registrations._change({"state": "done"})
        for row in self:
            row._put_errors_away()

    def _prepare_made(self):
        """Return the quantities that were really made."""
        lines = self._get_finished_lines()
        quantity = sum(lines.mapped("quantity_product_uom"))
        good = max(quantity - self.error_quantity, 0)
        return {"quantity": quantity or self.quantity, "good_quantity": good}

    def _get_finished_lines(self):
        return self.production_id.move_finished_ids.move_line_ids.filtered(
            lambda line: line.lot_id == self.lot_id and line.state == "done"
        )

    def _put_errors_away(self):
        """Scrap the error quantity, or report a nonconformance about it."""
        uom = self.uom_id
        if uom.is_zero(self.error_quantity):
            return
        if self.error_action == "nonconformance":
            self._report_errors()
        else:
            self._scrap_errors()

    def _scrap_errors(self):
        line = self._get_finished_lines()[:1]
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.product_id.id,
                "lot_id": self.lot_id.id,
                "scrap_qty": self.error_quantity,
                "product_uom_id": self.uom_id.id,
                "location_id": line.location_dest_id.id,
                "production_id": self.production_id.id,
                "company_id": self.company_id.id,
                "origin": self.production_id.name,
            }
        )
        scrap.do_scrap()

    def _report_errors(self):
        line = self._get_finished_lines()[:1]
        report = self.env["qms.nonconformance.report"].create(
            {
                "subject": self.env._("Error quantity of %s", self.lot_id.name),
                "production_id": self.production_id.id,
                "company_id": self.company_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product_id.id,
                            "lot_id": self.lot_id.id,
                            "location_id": line.location_dest_id.id,
                            "quantity": self.error_quantity,
                        },
                    )
                ],
            }
        )
        report.action_report()
