from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted


class QmsExpiryDecision(models.Model):
    """Special sale: a quotation at the special price, for just these goods."""

    _inherit = "qms.expiry.decision"

    sale_line_ids = fields.One2many(
        "sale.order.line", "qms_expiry_decision_id", readonly=True
    )

    def _get_special_sale_problems(self, quants):
        """Return what keeps the goods from being offered."""
        problems = self._get_expired_problems()
        if not self.partner_id:
            problems.append(self.env._("say which customer is offered the goods."))
        if self.currency_id.compare_amounts(self.price, 0) <= 0:
            problems.append(
                self.env._("say at which price; goods that cost nothing are donated.")
            )
        if not self.product_id.sale_ok:
            problems.append(
                self.env._("%s can't be sold.", self.product_id.display_name)
            )
        return problems

    def _execute_special_sale(self):
        for row in self:
            order = row._make_quotation()
            row._bring_back()
            row._grant_release(sale_order_id=order.id)
            row.message_post(
                body=row.env._("Offered by quotation %s", order._get_html_link())
            )

    def _make_quotation(self):
        # sudo: who decides on goods need not be a salesperson
        orders = self.env["sale.order"].sudo().with_company(self.company_id)
        order = orders.create(self._prepare_quotation())
        # trusted: the line delivers just these goods
        lines = trusted(order.order_line.sudo())
        lines.create(self._prepare_quotation_line(order))
        return order

    def _prepare_quotation(self):
        return {
            "partner_id": self.partner_id.id,
            "warehouse_id": self.warehouse_id.id,
            "company_id": self.company_id.id,
            "user_id": self.partner_id.user_id.id,
            "origin": self.lot_id.name,
            "note": self._get_offer_note(),
        }

    def _get_offer_note(self):
        """Return what the customer is told about the goods."""
        lang = self.partner_id.lang
        row = self.with_context(lang=lang) if lang else self
        return row.env._(
            "Special offer: %(product)s, lot %(lot)s, use by %(day)s.",
            product=row.product_id.display_name,
            lot=row.lot_id.name,
            day=format_date(row.env, row.expiry_day),
        )

    def _prepare_quotation_line(self, order):
        price = self.currency_id._convert(
            self.price,
            order.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )
        return {
            "order_id": order.id,
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.uom_id.id,
            "price_unit": price,
            "discount": 0,
            "qms_expiry_decision_id": self.id,
        }

    def _grant_release(self, **document):
        """Lift the block of the days before the expiry, for one document."""
        # as who decides: he has to be a shelf-life manager
        releases = self.env["qms.expiry.release"].sudo(False)
        releases._grant(
            [
                {
                    "lot_id": self.lot_id.id,
                    "kind": self.kind,
                    "reason": self.reason,
                    **document,
                }
            ]
        )

    # -- What became of it -------------------------------------------------------------

    def _settle(self):
        res = super()._settle()
        # trusted: the sale is over, or not; whoever finished it
        for row in trusted(self.sudo()).exists():
            if row.state == "decided" and row.kind == "special_sale":
                row._settle_sale()
        return res

    def _settle_sale(self):
        orders = self.sale_line_ids.order_id
        if not orders.filtered(lambda order: order.state != "cancel"):
            untrusted(self)._wait_again(
                self.env._("Nothing was sold: the quotation was cancelled or deleted.")
            )
        elif "sale" in orders.mapped("state"):
            self._settle_moves(self._get_leaving_moves())

    def _get_leaving_moves(self):
        moves = super()._get_leaving_moves()
        sold = self.sale_line_ids.move_ids
        return moves | sold.filtered(
            lambda move: move.location_dest_id.usage == "customer"
        )

    def _wait_again(self, reason):
        # what is decided next has nothing to do with what was ordered before
        trusted(self.sudo()).sale_line_ids.write({"qms_expiry_decision_id": False})
        return super()._wait_again(reason)

    def _get_documents(self):
        orders = self.sale_line_ids.order_id
        pickings = self.sale_line_ids.move_ids.picking_id
        return [*super()._get_documents(), orders, pickings]
