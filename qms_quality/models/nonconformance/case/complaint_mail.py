import re
from html import unescape

from odoo import api, models
from odoo.fields import Command, Domain

from .complaint import COMPLAINT

# What a mail may name: a delivery, an order, a lot. Anybody may write anything, so only
# so much is looked at.
NAME = re.compile(r"\w[\w/.\-]{2,62}\w")
MARKUP = re.compile(r"<[^<>]*>")
MAX_TEXT = 20_000
MAX_NAMES = 300


class QmsNonconformance(models.Model):
    """A mail to an address for complaints opens a case."""

    _inherit = "qms.nonconformance"

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open the case of a complaint that came by mail.

        The delivery and the lot that the mail names are filled in, where there is just
        one of that name that went to a customer. Nothing is held by a mail.

        :param dict msg_dict: the mail, as the gateway parsed it
        :param dict custom_values: what the address says, such as the team
        :return: the case
        """
        values = {"type": COMPLAINT, **(custom_values or {})}
        # sudo: the gateway may act for somebody who can't read teams
        team = self.env["qms.quality.team"].sudo().browse(values.get("team_id"))
        company = team.company_id or self.env.company
        orders = self.env["qms.quality.order"]
        partner = orders._get_mail_partner(msg_dict, company)
        values.update(
            company_id=company.id,
            subject=(msg_dict.get("subject") or "").strip() or self.env._("Complaint"),
            partner_id=partner.id,
            complaint_email=self._get_complainant(msg_dict),
            # whoever can write a mail holds no goods
            hold_goods=False,
            **self._get_named(msg_dict, company, partner),
        )
        case = self.create(values)
        case._tell_team()
        return case

    @api.model
    def _get_complainant(self, msg_dict):
        """Return the address to answer to; a colleague only passes a complaint on."""
        # sudo: the gateway may act for somebody who can't read users
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id"))
        is_colleague = any(not user.share for user in author.user_ids)
        return not is_colleague and msg_dict.get("email_from")

    # -- What the mail names -----------------------------------------------------------

    @api.model
    def _get_named(self, msg_dict, company, partner):
        """Return the values of the goods and documents that a mail names.

        :param dict msg_dict: the mail
        :param company: ``res.company``
        :param partner: ``res.partner``, empty where it isn't known who wrote
        """
        text = f"{msg_dict.get('subject') or ''}\n{msg_dict.get('body') or ''}"
        names = self._find_names(text)
        if not names:
            return {}
        delivery = self._find_delivery(names, company, partner)
        sale = self._find_sale(names, company, partner)
        if not delivery and sale:
            delivery = self._get_single(self._get_deliveries_of(sale))
        lots = self._find_delivered_lots(names, company, partner, delivery)
        return self._prepare_named(delivery, sale or delivery.sale_id, lots)

    @api.model
    def _find_names(self, text):
        """Return the words of a mail that may be numbers of something."""
        plain = unescape(MARKUP.sub(" ", text[:MAX_TEXT]))
        words = dict.fromkeys(NAME.findall(plain))
        return [word for word in words if any(map(str.isdigit, word))][:MAX_NAMES]

    def _get_single(self, records):
        """Return ``records`` if it is just one: a guess is no help."""
        return records if len(records) == 1 else records.browse()

    def _find_delivery(self, names, company, partner):
        domain = (
            Domain("name", "in", names)
            & Domain("company_id", "=", company.id)
            & Domain("location_dest_id.usage", "=", "customer")
            & self._get_customer_domain(partner)
        )
        # sudo: a mail has no rights; what it names is shown to inspectors only
        return self._get_single(self.env["stock.picking"].sudo().search(domain))

    def _find_sale(self, names, company, partner):
        domain = (
            (Domain("name", "in", names) | Domain("client_order_ref", "in", names))
            & Domain("company_id", "=", company.id)
            & self._get_customer_domain(partner)
        )
        # sudo: as above
        return self._get_single(self.env["sale.order"].sudo().search(domain))

    def _get_deliveries_of(self, sale):
        return sale.picking_ids.filtered(
            lambda one: one.state == "done" and one.location_dest_id.usage == "customer"
        )

    def _get_customer_domain(self, partner):
        """Return the domain of what went to ``partner``; all, where it isn't known."""
        if not partner:
            return Domain.TRUE
        return Domain("partner_id", "child_of", partner.commercial_partner_id.id)

    def _find_delivered_lots(self, names, company, partner, delivery):
        """Return the lots of these names that went to the customer."""
        domain = (
            Domain("lot_id.name", "in", names)
            & Domain("company_id", "=", company.id)
            & self._get_delivered_domain()
        )
        if delivery:
            domain &= Domain("picking_id", "=", delivery.id)
        elif partner:
            family = partner.commercial_partner_id
            domain &= Domain("picking_id.partner_id", "child_of", family.id)
        # sudo: as above
        lots = self.env["stock.move.line"].sudo().search(domain).lot_id
        if not lots and delivery:
            lots = self._get_single(delivery.move_line_ids.lot_id)
        return lots if len(lots.product_id) == 1 else lots.browse()

    def _prepare_named(self, delivery, sale, lots):
        product = lots.product_id or self._get_single(delivery.move_ids.product_id)
        return {
            "picking_id": delivery.id,
            "sale_id": sale.id,
            "product_id": product.id,
            "lot_ids": [Command.set(lots.ids)],
            "uom_id": product.uom_id.id,
        }
