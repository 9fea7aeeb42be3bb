from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html


class QmsCheckRequest(models.TransientModel):
    """Asks for a check of goods of a document, of lots, or of anything else.

    Whoever handles goods may ask. What is held meanwhile, and which steps wait, is for
    inspectors to say; goods that fail are held in any case.
    """

    _name = "qms.check.request"
    _description = "Ask for a Check"
    _inherit = ["qms.goods.dialog.mixin", "qms.step.block.mixin"]
    _check_company_auto = True

    subject = fields.Char(help="What is to be found out.")
    description = fields.Text()
    line_ids = fields.One2many("qms.check.request.line", "request_id", string="Goods")
    test_group_ids = fields.Many2many(
        "qms.test.group",
        "qms_check_request_test_group_rel",
        "request_id",
        "test_group_id",
        string="Test Groups",
        compute="_compute_test_group_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("state", "=", "active")],
    )
    workorder_id = fields.Many2one(
        "mrp.workorder",
        string="Work Order",
        check_company=True,
        domain="[('production_id', '=', production_id)]",
        help="The work orders after it wait.",
    )
    picking_state = fields.Selection(related="picking_id.state", string="Transfer is")
    production_state = fields.Selection(
        related="production_id.state", string="Manufacturing Order is"
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")], default="0", required=True
    )
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
    )
    hold_goods = fields.Boolean(help="The goods are held until they have passed.")

    @api.depends("line_ids.product_id", "company_id")
    def _compute_test_group_ids(self):
        for request in self:
            # what was chosen stays, whatever else becomes of the goods
            groups = request.test_group_ids or request._get_usual_groups()
            request.test_group_ids = groups

    @api.depends("test_group_ids")
    def _compute_date_due(self):
        for request in self:
            earliest = request.test_group_ids._origin._get_date_due()
            request.date_due = max(request.date_due or earliest, earliest)

    def _get_usual_groups(self):
        """Return the test groups in force that rules name for these goods."""
        products = self.line_ids.product_id._origin
        if not products:
            return self.env["qms.test.group"]
        # sudo: who asks need not be allowed to read the rules
        rules = self.env["qms.quality.association"].sudo()
        found = rules.search(
            rules._get_product_domain(products)
            & fields.Domain("company_id", "in", [False, self.company_id.id])
            & fields.Domain("test_group_id.state", "=", "active")
        )
        fitting = found.filtered(lambda rule: any(map(rule._matches_product, products)))
        return fitting.test_group_id.sudo(False)

    # -- What the dialog says ----------------------------------------------------------

    @api.model
    def _get_title(self):
        return self.env._("Quality Check")

    @api.model
    def _get_refusal(self):
        return self.env._(
            "You may not ask for checks. Ask someone who works in Inventory,"
            " Manufacturing, Purchase, Sales or Quality."
        )

    def _get_named(self):
        lines = self.line_ids
        return [
            *super()._get_named(),
            self.workorder_id,
            self.test_group_ids,
            lines.product_id,
            lines.lot_ids,
            lines.location_id,
        ]

    # -- Asking ------------------------------------------------------------------------

    def action_ask(self):
        """Make the quality orders: one for each of the goods, or one without any.

        :return: the action that opens the order, or tells that it was made
        :raise AccessError: if the user may not ask, or may not see what he asks about
        """
        self.ensure_one()
        self._check_asker()
        self._check_readable()
        return self._show_made(
            self._make_orders(),
            self.env._("Quality Orders"),
            self.env._("The check was asked for:"),
        )

    def _make_orders(self):
        # sudo: who handles goods may ask, and need not be allowed to make orders; the
        # defaults he sends along stay behind
        orders = self.env["qms.quality.order"].sudo()
        orders = orders.create(
            [
                {**self._prepare_order_values(), **goods}
                # goods that are named later are held then
                for goods in self._prepare_goods() or [{"hold_goods": True}]
            ]
        )
        orders._tell_team()
        body = self._get_message()
        for order in orders:
            order.message_post(body=body, subtype_xmlid="mail.mt_comment")
        return orders.sudo(False)

    def _prepare_goods(self):
        """Return the values that say what the orders are about."""
        return [line._prepare_goods_values() for line in self.line_ids]

    def _prepare_order_values(self):
        """Return the values that all orders of this request share."""
        values = {
            "subject": self.subject,
            "test_group_ids": [Command.set(self.test_group_ids.ids)],
            "picking_id": self.picking_id.id,
            "production_id": self.production_id.id,
            "partner_id": self.partner_id.id,
            "priority": self.priority,
            "date_due": self.date_due,
            "company_id": self.company_id.id,
            "hold_goods": False,
        }
        if self.team_id:
            values["team_id"] = self.team_id.id
        if self._is_inspector():
            blocks = {name: self[name] for name in self._get_block_fields()}
            values.update(blocks, hold_goods=self.hold_goods)
            if self.block_workorder:
                values["workorder_id"] = self.workorder_id.id
        return values

    def _get_message(self):
        text = self.env._("%s asks for a check.", self.env.user.name)
        if self.description:
            text = f"{text}\n\n{self.description}"
        return plaintext2html(text)
