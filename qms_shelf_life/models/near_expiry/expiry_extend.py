from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsExpiryDecision(models.Model):
    """Extend after re-test: if the goods pass, they may be used longer."""

    _inherit = "qms.expiry.decision"

    quality_order_ids = fields.One2many(
        "qms.quality.order", "qms_expiry_decision_id", readonly=True
    )

    def _get_extend_problems(self, quants):
        """Return what keeps the goods from being tested again."""
        problems = []
        if not self.test_group_ids:
            problems.append(self.env._("choose what the goods are tested for."))
        day = self.date_extended
        # sudo: the calendar is the warehouse's, whoever may read it
        today = self.sudo().warehouse_id._qms_get_day()
        if not day:
            problems.append(self.env._("say until when they may be used then."))
        elif day < today or (self.expiry_day and day <= self.expiry_day):
            problems.append(
                self.env._(
                    "the new expiry has to be later than %s.",
                    format_date(self.env, max(today, self.expiry_day or today)),
                )
            )
        if self._is_part():
            problems += self._get_parting_problems(quants)
        return problems

    def _execute_extend(self):
        for row in self:
            if row._is_part():
                row._part()
            # trusted: it was decided just now
            orders = trusted(row.env["qms.quality.order"])
            order = orders.create(row._prepare_order())
            row.message_post(
                body=row.env._("To be tested again by %s", order._get_html_link())
            )

    def _prepare_order(self):
        place = self._get_stock()[self].location_id[:1]
        return {
            "event": "near_expiry",
            "product_id": self.product_id.id,
            "lot_ids": [Command.set(self.lot_id.ids)],
            "quantity": self.quantity,
            "uom_id": self.uom_id.id,
            "location_id": place.id,
            "test_group_ids": [Command.set(self.test_group_ids._get_in_force().ids)],
            "hold_goods": False,
            "company_id": self.company_id.id,
            "qms_expiry_decision_id": self.id,
        }

    # -- What became of it -------------------------------------------------------------

    def _follow_test(self, order):
        """Extend the expiry if the goods passed; else they wait again.

        :param order: ``qms.quality.order``, validated or cancelled
        """
        for row in self.filtered(lambda row: row.state == "decided"):
            if order.verdict == "passed":
                row._extend(order)
            else:
                row._wait_again(
                    row.env._(
                        "Not extended: %(order)s, %(outcome)s.",
                        order=order.name,
                        outcome=order._get_outcome_text(),
                    )
                )

    def _extend(self, order):
        reason = self.env._(
            "%(reason)s (tested again by %(order)s)",
            reason=self.reason,
            order=order.name,
        )
        # trusted: a shelf-life manager decided it, and the goods have passed
        lot = trusted(self.lot_id)
        lot._qms_change_expiry(self.date_extended, reason, decision=self)
        self._finish()
        self._bring_back()

    def _get_documents(self):
        return [*super()._get_documents(), self.quality_order_ids]
