from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...number_text import format_quantity
from ...turns import take_turns


class SaleOrder(models.Model):
    """Blanket orders: agreed once, called off by orders that name them.

    A blanket order ships and invoices nothing itself. Orders that name it take its
    requirements, adjustments included, and count against its quantities.
    """

    _inherit = "sale.order"

    qms_is_blanket = fields.Boolean(
        "Blanket Order",
        copy=False,
        tracking=True,
        help="Agreed once, for orders that name it. Ships and invoices nothing itself.",
    )
    qms_blanket_id = fields.Many2one(
        "sale.order",
        "Of Blanket Order",
        copy=False,
        index="btree_not_null",
        tracking=True,
        domain="[('qms_is_blanket', '=', True), ('state', '=', 'sale'),"
        " ('company_id', '=', company_id),"
        " ('partner_id', 'child_of', qms_customer_id)]",
        help="The order takes its quality requirements from there, and counts against"
        " its quantities.",
    )
    qms_customer_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer's Company"
    )
    qms_call_off_ids = fields.One2many("sale.order", "qms_blanket_id", "Call-offs")
    qms_call_off_count = fields.Integer(compute="_compute_qms_call_off_count")
    qms_blanket_warning = fields.Text(compute="_compute_qms_blanket_warning")

    @api.depends("qms_call_off_ids")
    def _compute_qms_call_off_count(self):
        for order in self:
            order.qms_call_off_count = len(order.qms_call_off_ids)

    @api.depends(
        "qms_blanket_id", "order_line.product_id", "order_line.product_uom_qty", "state"
    )
    def _compute_qms_blanket_warning(self):
        for order in self:
            problems = order.state in ("draft", "sent") and order._get_excess()
            order.qms_blanket_warning = "\n".join(problems or [])

    # -- What makes sense --------------------------------------------------------------

    @api.constrains("qms_blanket_id", "qms_is_blanket", "partner_id", "company_id")
    def _check_qms_blanket(self):
        for order in self.filtered("qms_blanket_id"):
            if problem := order._get_blanket_problem():
                raise ValidationError(problem)

    def _get_blanket_problem(self):
        # sudo: the salesperson may see his own orders only
        blanket = self.qms_blanket_id.sudo()
        names = {"order": self.name, "blanket": blanket.name}
        if self.qms_is_blanket:
            return self.env._(
                "%(order)s is a blanket order itself, and can't be of another one.",
                **names,
            )
        if not blanket.qms_is_blanket:
            return self.env._("%(blanket)s is not a blanket order.", **names)
        partner = self.partner_id.commercial_partner_id
        if (
            blanket.partner_id.commercial_partner_id != partner
            or blanket.company_id != self.company_id
        ):
            return self.env._(
                "%(blanket)s is the blanket order of another customer or company than"
                " %(order)s.",
                **names,
            )
        return None

    def write(self, vals):
        if "qms_is_blanket" in vals:
            self._check_blanket_open(bool(vals["qms_is_blanket"]))
        return super().write(vals)

    def _check_blanket_open(self, is_blanket):
        """What an order is, is said before it is confirmed or named by others."""
        for order in self.filtered(lambda order: order.qms_is_blanket != is_blanket):
            if order.state not in ("draft", "sent") or order.qms_call_off_ids:
                raise UserError(
                    self.env._(
                        "%(order)s: only a quotation that no order names can be made a"
                        " blanket order, or an ordinary one.",
                        order=order.name,
                    )
                )

    # -- Quantities --------------------------------------------------------------------

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message or not self.qms_blanket_id:
            return message
        # sudo: as above
        if self.qms_blanket_id.sudo().state != "sale":
            return self.env._(
                "%(order)s: the blanket order %(blanket)s is not confirmed.",
                order=self.name,
                blanket=self.qms_blanket_id.sudo().name,
            )
        self.qms_blanket_id._lock_blanket()
        return "\n".join(self._get_excess()) or False

    def _lock_blanket(self):
        """Let orders of the same blanket order be confirmed one after the other."""
        take_turns(self)

    def _get_excess(self):
        """Return what this order takes beyond its blanket order, a text each."""
        # sudo: other salespeople's orders count, too
        blanket = self.qms_blanket_id.sudo()
        if not blanket:
            return []
        agreed = blanket._sum_by_product()
        called = (blanket._get_confirmed_call_offs() - self._origin)._sum_by_product()
        wanted = self.sudo()._sum_by_product()
        return [
            self._get_excess_text(blanket, product, agreed[product] - called[product])
            for product in wanted
            if product in agreed
            and product.uom_id.compare(
                called[product] + wanted[product], agreed[product]
            )
            > 0
        ]

    def _get_confirmed_call_offs(self):
        return self.qms_call_off_ids.filtered(lambda order: order.state == "sale")

    def _sum_by_product(self):
        """Return ``{product: quantity in its unit}`` of these orders' lines."""
        totals = defaultdict(float)
        for line in self.order_line:
            if line.product_id and not line.display_type:
                totals[line.product_id] += line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id
                )
        return totals

    def _get_excess_text(self, blanket, product, left):
        return self.env._(
            "%(product)s: only %(left)s %(unit)s are left of blanket order %(blanket)s."
            " Order less, or raise the quantity there.",
            product=product.display_name,
            left=format_quantity(self.env, max(left, 0.0)),
            unit=product.uom_id.name,
            blanket=blanket.name,
        )

    # -- Buttons -----------------------------------------------------------------------

    def action_qms_open_call_offs(self):
        """Open the orders of a blanket order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(blanket)s", blanket=self.name),
            "res_model": self._name,
            "domain": [("qms_blanket_id", "=", self.id)],
            "views": [(False, "list"), (False, "form")],
            "context": {
                "default_qms_blanket_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }
