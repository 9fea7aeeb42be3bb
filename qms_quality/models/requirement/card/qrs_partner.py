from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sentinel import trusted


class QmsQrs(models.Model):
    """Whom a card is for: companies, since a contact counts as its company."""

    _inherit = "qms.qrs"

    @api.model
    def _with_companies(self, vals):
        """Return values in which contacts are their companies."""
        if "partner_ids" not in vals:
            return vals
        commands = vals["partner_ids"] or []
        return {**vals, "partner_ids": [self._to_company(one) for one in commands]}

    @api.model
    def _to_company(self, command):
        partners = self.env["res.partner"]
        if isinstance(command, int):
            return partners.browse(command).commercial_partner_id.id
        if command[0] == Command.LINK:
            company = partners.browse(command[1]).commercial_partner_id
            return Command.link(company.id)
        if command[0] == Command.SET:
            companies = partners.browse(command[2]).commercial_partner_id
            return Command.set(companies.ids)
        return command

    def action_assign_partners(self):
        """Open the dialog that adds and removes partners of a card.

        :raise AccessError: if the user is no QRS administrator
        """
        self.ensure_one()
        self._check_administrator()
        return self.env["qms.qrs.assign.wizard"]._open_for_card(self)

    def _set_partners(self, partners):
        """Say whom active cards are for.

        :param partners: ``res.partner``; their companies are meant
        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if a card is inactive, of production, or clashes with another
        """
        self._check_administrator()
        self._check_assignable()
        companies = partners.commercial_partner_id
        trusted(self).partner_ids = [Command.set(companies.ids)]
        self._check_clashes()

    @api.model
    def _change_partner(self, partner, added, removed):
        """Give a partner cards, and take others from it.

        :param partner: ``res.partner``; its company is meant
        :param added: ``qms.qrs`` to give
        :param removed: ``qms.qrs`` to take
        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if a card isn't active, of another type, or clashes
        """
        company = partner.commercial_partner_id
        (added | removed)._check_administrator()
        added._check_assignable()
        added._check_type(company)
        trusted(removed).partner_ids = [Command.unlink(company.id)]
        trusted(added).partner_ids = [Command.link(company.id)]
        added._check_clashes()

    def _check_type(self, company):
        wrong = self.env["qms.qrs.assign.wizard"]._get_other_type(company)
        other = self.filtered(lambda card: card.type == wrong)
        if other:
            raise UserError(
                self.env._(
                    "%(partner)s is no partner for these cards: %(cards)s. Cards for"
                    " sales are for customers, those for purchase for vendors.",
                    partner=company.display_name,
                    cards=", ".join(other.mapped("display_name")),
                )
            )

    def _check_assignable(self):
        other = self.filtered(lambda card: card.state != "active")
        if other:
            raise UserError(
                self.env._(
                    "Only active cards can be given to partners, not: %s.",
                    ", ".join(other.mapped("display_name")),
                )
            )
        made = self.filtered(lambda card: card.type == "production")
        if made:
            raise UserError(
                self.env._(
                    "Cards for production have no partners: %s.",
                    ", ".join(made.mapped("display_name")),
                )
            )
