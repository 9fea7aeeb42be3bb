from odoo import api, fields, models

from ..models.near_expiry.expiry_decision import KINDS


class QmsExpiryDecisionWizard(models.TransientModel):
    """Asks what becomes of goods near their date, for one or many at once."""

    _name = "qms.expiry.decision.wizard"
    _description = "Decide on Goods near Expiry"

    decision_ids = fields.Many2many("qms.expiry.decision", string="Goods")
    count = fields.Integer(compute="_compute_goods")
    value = fields.Monetary(string="Stock Value", compute="_compute_goods")
    currency_id = fields.Many2one("res.currency", compute="_compute_goods")
    company_id = fields.Many2one("res.company", compute="_compute_goods")
    kind = fields.Selection(KINDS, string="Decision", required=True)
    quantity = fields.Float(
        digits="Product Unit",
        help="How much this is about; the rest stays on the list. 0: all of it.",
    )
    reason = fields.Text(required=True)
    partner_id = fields.Many2one("res.partner")
    discount = fields.Float(
        compute="_compute_discount",
        store=True,
        readonly=False,
        help="Off the sales price of each product.",
    )
    test_group_ids = fields.Many2many("qms.test.group", string="Test Groups")
    date_extended = fields.Date(string="New Expiry")
    scrap_reason_tag_ids = fields.Many2many(
        "stock.scrap.reason.tag", string="Scrap Reasons"
    )

    @api.depends("decision_ids")
    def _compute_goods(self):
        for wizard in self:
            rows = wizard.decision_ids
            wizard.count = len(rows)
            wizard.value = sum(rows.mapped("stock_value"))
            wizard.company_id = rows.company_id[:1]
            wizard.currency_id = rows.currency_id[:1]

    @api.depends("decision_ids")
    def _compute_discount(self):
        for wizard in self:
            # sudo: who decides need not be allowed to read the settings
            companies = wizard.sudo().decision_ids.company_id
            wizard.discount = companies[:1].qms_near_expiry_discount

    def action_decide(self):
        """Decide on all of the goods, and carry it out: all of it, or nothing.

        :return: a client action where a signature or an approval is needed
        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: all that is in the way, of all goods
        """
        self.ensure_one()
        rows = self.decision_ids
        rows.write(self._prepare_decision())
        if self.kind == "special_sale":
            for row in rows:
                row.price = row._get_special_price(self.discount)
        return rows.action_decide()

    def _prepare_decision(self):
        return {
            "kind": self.kind,
            "quantity": self.quantity if self.count == 1 else 0,
            "reason": self.reason,
            "partner_id": self.partner_id.id,
            "test_group_ids": [fields.Command.set(self.test_group_ids.ids)],
            "date_extended": self.date_extended,
            "scrap_reason_tag_ids": [fields.Command.set(self.scrap_reason_tag_ids.ids)],
        }
