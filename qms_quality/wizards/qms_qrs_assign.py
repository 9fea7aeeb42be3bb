from odoo import api, fields, models
from odoo.fields import Domain

DOMAIN = """[
    ("state", "=", "active"),
    ("type", "in", ["purchase", "sales"] if not type else [type]),
    ("company_id", "in", [False, *allowed_company_ids]),
]"""


class QmsQrsAssignWizard(models.TransientModel):
    """Says whom active cards are for: from a card its partners, or the other way."""

    _name = "qms.qrs.assign.wizard"
    _description = "Partners of Quality Requirements"

    qrs_id = fields.Many2one("qms.qrs", "Card", readonly=True)
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        domain="[('parent_id', '=', False)]",
        help="Companies; a contact counts as its company.",
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    type = fields.Selection(
        [("purchase", "Purchase"), ("sales", "Sales")],
        help="Empty: the partner is a customer and a vendor.",
    )
    qrs_ids = fields.Many2many("qms.qrs", string="Cards", domain=DOMAIN)

    @api.model
    def _open_for_card(self, card):
        """Return the action that opens the dialog for a card."""
        wizard = self.create(
            {"qrs_id": card.id, "partner_ids": card.partner_ids.ids},
        )
        return wizard._open(self.env._("Partners of %s", card.display_name))

    @api.model
    def _open_for_partner(self, partner):
        """Return the action that opens the dialog for a partner."""
        company = partner.commercial_partner_id
        wizard = self.create(
            {
                "partner_id": company.id,
                "type": self._get_type(company),
                "qrs_ids": self._get_cards(company).ids,
            }
        )
        return wizard._open(self.env._("Requirements of %s", company.display_name))

    def _open(self, name):
        return {
            **self._get_records_action(name=name, target="new"),
            "context": {"dialog_size": "medium"},
        }

    @api.model
    def _get_type(self, company):
        """Return the type of cards that a company can have, nothing if all."""
        if company.customer_rank and not company.supplier_rank:
            return "sales"
        is_vendor = company.supplier_rank and not company.customer_rank
        return "purchase" if is_vendor else False

    @api.model
    def _get_cards(self, company):
        domain = Domain("state", "=", "active") & Domain("type", "!=", "production")
        return self.env["qms.qrs"].search(
            domain & Domain("partner_ids", "in", company.ids)
        )

    def action_assign(self):
        """Write the partners, or the cards, that were chosen.

        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if active cards would clash
        """
        self.ensure_one()
        if self.qrs_id:
            self.qrs_id._set_partners(self.partner_ids)
        else:
            former = self._get_cards(self.partner_id)
            self.env["qms.qrs"]._change_partner(
                self.partner_id, self.qrs_ids - former, former - self.qrs_ids
            )
        return {"type": "ir.actions.act_window_close"}
