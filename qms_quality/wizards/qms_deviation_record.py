from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RECORDERS = (
    "stock.group_stock_user",
    "mrp.group_mrp_user",
    "purchase.group_purchase_user",
    "sales_team.group_sale_salesman",
    "qms_quality.group_quality_inspector",
)


class QmsDeviationRecord(models.TransientModel):
    """Record by hand what departs from what was required."""

    _name = "qms.deviation.record"
    _description = "Record Deviation"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        [("in", "Inbound"), ("out", "Outbound"), ("production", "Production")],
        required=True,
        default="in",
    )
    product_id = fields.Many2one("product.product", required=True)
    lot_id = fields.Many2one(
        "stock.lot", "Lot/Serial Number", domain="[('product_id', '=', product_id)]"
    )
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    partner_id = fields.Many2one("res.partner")
    picking_id = fields.Many2one("stock.picking", readonly=True)
    production_id = fields.Many2one("mrp.production", readonly=True)
    expected = fields.Char("What Was Expected", required=True)
    found = fields.Char("What Was Found", required=True)
    is_intentional = fields.Boolean(
        "Intentional", help="It was known and wanted, by way of exception."
    )
    reason = fields.Char()

    @api.model
    def _open(self, values):
        """Return the action that opens the dialog with what a document knows."""
        action = self._get_records_action(
            name=self.env._("Record Deviation"), target="new"
        )
        defaults = {f"default_{name}": value for name, value in values.items()}
        return {**action, "views": [(False, "form")], "context": defaults}

    def action_record(self):
        """Record the deviation.

        :return: action that opens it
        :raise AccessError: if the user works in none of the apps that see requirements
        :raise UserError: lists what is missing or doesn't fit
        """
        self.ensure_one()
        self._check_recorder()
        problems = self._get_problems()
        if problems:
            raise UserError("\n".join(problems))
        deviation = self.env["qms.deviation"]._qms_record([self._prepare_values()])
        return deviation._get_records_action()

    def _check_recorder(self):
        user = self.env.user
        if not any(user.has_group(group) for group in RECORDERS):
            raise AccessError(
                self.env._(
                    "Deviations are recorded by those who work in Inventory, Purchase,"
                    " Sales, Manufacturing or Quality."
                )
            )
        # nobody names what he may not see
        names = ("product_id", "lot_id", "partner_id", "picking_id", "production_id")
        for name in names:
            if self[name]:
                self[name].check_access("read")

    def _get_problems(self):
        problems = []
        if self.lot_id and self.lot_id.product_id != self.product_id:
            problems.append(
                self.env._(
                    "%(lot)s is not a lot of %(product)s.",
                    lot=self.lot_id.name,
                    product=self.product_id.display_name,
                )
            )
        if self.is_intentional and not (self.reason or "").strip():
            problems.append(self.env._("Say why it was intended."))
        if self.company_id not in self.env.companies:
            problems.append(self.env._("Choose one of your companies."))
        return problems

    def _prepare_values(self):
        return {
            "company_id": self.company_id.id,
            "direction": self.direction,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": self.quantity,
            "partner_id": self.partner_id.id,
            "picking_id": self.picking_id.id,
            "production_id": self.production_id.id,
            "expected": self.expected,
            "found": self.found,
            "is_intentional": self.is_intentional,
            "is_by_hand": True,
            "reason": self.reason,
        }
