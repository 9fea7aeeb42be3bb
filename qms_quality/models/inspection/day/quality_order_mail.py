from odoo import api, models


class QmsQualityOrder(models.Model):
    """A mail to a team makes an order by hand, about something not known yet."""

    _inherit = "qms.quality.order"

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make an order for the team that the mail was sent to.

        :param dict msg_dict: the mail, as the gateway parsed it
        :param dict custom_values: what the team's address says, such as the team
        :return: the order
        """
        values = dict(custom_values or {})
        # sudo: the gateway may act for somebody who can't read teams
        team = self.env["qms.quality.team"].sudo().browse(values.get("team_id"))
        company = team.company_id or self.env.company
        values.update(
            company_id=company.id,
            subject=msg_dict.get("subject") or False,
            partner_id=self._get_mail_partner(msg_dict, company).id,
        )
        order = self.create(values)
        order._tell_team()
        return order

    def _get_mail_partner(self, msg_dict, company):
        """Return who wrote, unless it is a colleague or unknown to the company."""
        # sudo: as above
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id"))
        is_colleague = any(not user.share for user in author.user_ids)
        is_foreign = author.company_id not in (company, company.browse())
        return author.browse() if is_colleague or is_foreign else author
