from odoo import api, fields, models
from odoo.fields import Domain


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
    other_type = fields.Selection(
        [("purchase", "Purchase"), ("sales", "Sales")],
        help="The type that isn't for this partner. Empty: a customer and a vendor.",
    )
    qrs_ids = fields.Many2many(
        "qms.qrs",
        string="Cards",
        domain="[('state', '=', 'active'), ('type', '!=', 'production'),"
        " ('type', '!=', other_type)]",
    )

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
                "other_type": self._get_other_type(company),
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
    def _get_other_type(self, company):
        """Return the type of cards that aren't for a company, nothing if all are."""
        if company.customer_rank and not company.supplier_rank:
            return "purchase"
        is_vendor = company.supplier_rank and not company.customer_rank
        return "sales" if is_vendor else False

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
