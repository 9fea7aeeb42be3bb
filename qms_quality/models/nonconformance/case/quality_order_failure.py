from odoo import models
from odoo.fields import Command


class QmsQualityOrder(models.Model):
    """What of a failed order goes into its case."""

    _inherit = "qms.quality.order"

    def _prepare_case_values(self):
        """Return the values of the case of this failed order. Extension point."""
        self.ensure_one()
        cases = self.env["qms.nonconformance"]
        return {
            "date_deadline": cases._get_default_deadline(self.company_id),
            "subject": self._get_case_subject(),
            "type": self._get_case_type(),
            "quality_order_id": self.id,
            "product_id": self.product_id.id,
            "lot_ids": [Command.set(self.lot_ids.ids)],
            "quantity": self.quantity,
            "uom_id": self.uom_id.id,
            "partner_id": self.partner_id.id,
            "picking_id": self.picking_id.id,
            "production_id": self.production_id.id,
            "workorder_id": self.workorder_id.id,
            "workcenter_id": self.workorder_id.workcenter_id.id,
            "purchase_id": self.purchase_id.id,
            "sale_id": self.picking_id.sale_id.id,
            "team_id": self.team_id.id,
            "user_id": self._get_reminded().id,
            "company_id": self.company_id.id,
            "failure_ids": [Command.create(vals) for vals in self._prepare_failures()],
        }

    def _get_case_subject(self):
        """Return what is wrong, in a line: the tests that failed."""
        names = [vals["name"] for vals in self._prepare_failures()]
        names = list(dict.fromkeys(names))
        if len(names) > 3:
            names[3:] = [self.env._("and %s more", len(names) - 3)]
        return ", ".join(names)

    def _get_case_type(self):
        """Return the kind of case, from where the goods come."""
        self.ensure_one()
        if self.production_id:
            made = self.production_id.product_id
            return "co_product" if self.product_id - made else "production"
        if self.event == "customer_return":
            return "customer"
        if self.purchase_id or self.picking_id.picking_type_code == "incoming":
            return "supplier"
        return "internal"

    def _prepare_failures(self):
        """Return what failed, as values of the case's failures; always at least one."""
        self.ensure_one()
        failed = self.result_ids.filtered(lambda one: one.verdict == "failed")
        rejected = self.defect_ids.filtered(lambda one: one.verdict == "failed")
        rows = [result._prepare_failure() for result in failed]
        rows += [
            {"quality_order_id": self.id, "name": one._get_failure_text()}
            for one in rejected
        ]
        if rows:
            return rows
        return [{"quality_order_id": self.id, "name": self._get_failure_text()}]
