from odoo import models


class QmsExpiryDecision(models.Model):
    """Donate: the goods are given away by a delivery, which the warehouse ships."""

    _inherit = "qms.expiry.decision"

    def _get_donate_problems(self, quants):
        """Return what keeps the goods from being given away."""
        problems = self._get_expired_problems() + self._get_free_problems(quants)
        if not self.partner_id:
            problems.append(self.env._("say who gets the goods."))
        return problems

    def _execute_donate(self):
        for row in self:
            partner = row.partner_id.with_company(row.company_id)
            picking = row._make_transfer(
                row.warehouse_id.out_type_id,
                partner.property_stock_customer,
                {row: row._spread()},
                partner,
            )
            row._grant_release(picking_id=picking.id)
            row.message_post(body=row.env._("Donated by %s", picking._get_html_link()))
