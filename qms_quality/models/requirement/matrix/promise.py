from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """What can a customer be promised today?"""

    _inherit = "res.partner"

    def action_qms_promise(self):
        """Open the lots in stock with what this customer's requirements say of them.

        :raise AccessError: if the user may not read requirements
        """
        self.ensure_one()
        self.env["qms.qrs"].check_access("read")
        company = self.commercial_partner_id
        lots = self.env["stock.lot"]
        domain = lots._qms_get_placed_domain() & Domain("product_id.sale_ok", "=", True)
        stock = lots._qms_get_stock(domain)
        free = {lot: free for lot, (_all, free) in stock.items() if free > 0}
        rows = self.env["qms.qrs"]._qms_matrix(lots.union(*free), company)
        findings = self.env["qms.qrs.finding"]
        texts = findings._get_texts(cell for (cell,) in rows.values())
        found = findings._record(
            [
                {
                    **findings._prepare_cell(lot, company, cell, texts),
                    "quantity": free[lot],
                }
                for lot, (cell,) in rows.items()
            ]
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "qms_quality.qms_qrs_finding_action_promise"
            ),
            "display_name": self.env._("Promise to %s", company.display_name),
            "domain": [("id", "in", found.ids)],
        }


class StockLot(models.Model):
    """Who can still take a lot?"""

    _inherit = "stock.lot"

    def action_qms_takers(self):
        """Open the customers with what their requirements say of this lot.

        :raise AccessError: if the user may not read requirements
        :raise UserError: if no customer has requirements or ordered the product
        """
        self.ensure_one()
        self.env["qms.qrs"].check_access("read")
        demands = self._qms_get_open_demands()
        customers = self._qms_get_customers() | self.env["res.partner"].union(*demands)
        if not customers:
            raise UserError(
                self.env._(
                    "No customer has requirements or an open order for %s: anybody can"
                    " take it.",
                    self.product_id.display_name,
                )
            )
        (row,) = self.env["qms.qrs"]._qms_matrix(self, customers).values()
        findings = self.env["qms.qrs.finding"]
        texts = findings._get_texts(row)
        found = findings._record(
            [
                {
                    **findings._prepare_cell(self, customer, cell, texts),
                    "demand": demands.get(customer, 0.0),
                }
                for customer, cell in zip(customers, row, strict=True)
            ]
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "qms_quality.qms_qrs_finding_action_takers"
            ),
            "display_name": self.env._("Who can take %s", self.display_name),
            "domain": [("id", "in", found.ids)],
        }

    def _qms_get_customers(self):
        """Return the customers that have requirements."""
        cards = self.env["qms.qrs"].search(
            [("state", "=", "active"), ("type", "=", "sales")]
        )
        return cards.partner_ids

    def _qms_get_open_demands(self):
        """Return ``{customer: quantity}`` that is ordered of this product and open."""
        # sudo: who works in the warehouse need not be allowed to read orders
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("order_id.state", "=", "sale"),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        demands = {}
        for line in lines:
            quantity = line._qms_get_open_quantity()
            if quantity > 0:
                customer = line.order_id.partner_id.commercial_partner_id
                customer = customer.with_env(self.env)
                demands[customer] = demands.get(customer, 0.0) + quantity
        return demands
