from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.look_ahead.expiry_notice import KINDS

AT_ONCE = 1_000


class QmsExpiryNoticeFind(models.TransientModel):
    """Finds customers who got lots near their date, and proposes notices."""

    _name = "qms.expiry.notice.find"
    _description = "Find Customers with Goods near their Date"
    _inherit = ["qms.date.formula.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    window = fields.Char(
        string="Expires within",
        qms_formula=True,
        help="A date formula such as 14D or 1M. Empty: the near-expiry window of each"
        " product.",
    )
    product_ids = fields.Many2many("product.product", string="Products")
    categ_id = fields.Many2one("product.category", string="Product Category")
    kind = fields.Selection(
        KINDS,
        required=True,
        default=lambda self: self.env.company.qms_expiry_notice_kind or "offer",
    )
    text = fields.Text(
        string="Offer", default=lambda self: self.env.company.qms_expiry_notice_text
    )

    def action_find(self):
        """Propose notices, which are reviewed before anybody is told.

        :return: action that opens them
        :raise AccessError: if the user is no manager of shelf life or sales
        :raise UserError: if notices are off, or there is nobody to tell
        """
        self.ensure_one()
        notices = self.env["qms.expiry.notice"]
        self._check_find(notices)
        rows = notices._find_told(self.company_id, self.window, self._get_products())
        if not rows:
            raise UserError(
                self.env._(
                    "No customer has goods that come near their date and isn't told"
                    " yet. Enter a longer period, or take out the products."
                )
            )
        made = notices._propose(
            self.company_id, rows[:AT_ONCE], kind=self.kind, text=self.text
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_shelf_life.qms_expiry_notice_action"
        )
        return {**action, "domain": [("id", "in", made.ids)]}

    def _check_find(self, notices):
        notices._check_may_tell()
        # a company that the user doesn't work in is not his to write for
        self.company_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Choose %s at the top first.", self.company_id.display_name)
            )
        notices._check_on(self.company_id)

    @api.model
    def _get_goods(self):
        # sudo: who tells customers need not have rights in Inventory
        return self.env["product.product"].sudo()

    def _get_products(self):
        """Return the products that were chosen; None for all."""
        if not (self.product_ids or self.categ_id):
            return None
        domain = []
        if self.product_ids:
            domain.append(("id", "in", self.product_ids.ids))
        if self.categ_id:
            domain.append(("categ_id", "child_of", self.categ_id.id))
        return self._get_goods().search(domain)
