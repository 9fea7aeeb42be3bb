from odoo import api, models
from odoo.fields import Command
from odoo.tools import html2plaintext

from ...sentinel import trusted, untrusted


class QmsSupplierClaim(models.Model):
    """How a claim is made from its nonconformance."""

    _inherit = "qms.supplier.claim"

    @api.model
    def _make(self, case):
        """Return a new draft with what the case knows, in the vendor's language.

        :param case: ``qms.nonconformance``, which was checked
        """
        told = case.with_context(lang=case.partner_id.lang or case.env.lang)
        values = self._prepare_values(told)
        values["name"] = self.env["ir.sequence"]._qms_draw(self._name, 1)[0]
        return untrusted(trusted(self).create(values))

    @api.model
    def _prepare_values(self, case):
        return {
            "nonconformance_id": case.id,
            "company_id": case.company_id.id,
            "partner_id": case.partner_id.id,
            "user_id": case.user_id.id or self.env.uid,
            "subject": case.subject,
            "product_name": self._get_product_name(case),
            "lot_names": ", ".join(case.lot_ids.mapped("name")),
            "quantity": case.quantity,
            "uom_id": case.uom_id.id,
            "order_ref": self._get_order_ref(case),
            "problem": self._get_problem_text(case),
            "charge_ids": [
                Command.create({"name": cost.name, "amount": cost.amount})
                for cost in case.cost_ids
                if cost.is_charged and cost.amount > 0
            ],
        }

    def _get_product_name(self, case):
        # with the vendor's own name and number, where they are known
        product = case.product_id.with_context(partner_id=case.partner_id.id)
        return product.display_name or False

    def _get_order_ref(self, case):
        # sudo: who inspects goods need not be in Purchase
        order = case.purchase_id.sudo()
        if not order.partner_ref:
            return order.name
        return case.env._(
            "%(order)s (your number: %(ref)s)", order=order.name, ref=order.partner_ref
        )

    def _get_problem_text(self, case):
        found = [self._get_failure_text(failure) for failure in case.failure_ids]
        described = html2plaintext(case.description or "").strip()
        return "\n".join(filter(None, [described, *found]))

    def _get_failure_text(self, failure):
        test = " ".join(filter(None, [failure.name, failure.lot_id.name]))
        if not failure.limits:
            return f"{test}: {failure.value or ''}"
        return failure.env._(
            "%(test)s: %(value)s (required: %(limits)s)",
            test=test,
            value=failure.value or "",
            limits=failure.limits,
        )
