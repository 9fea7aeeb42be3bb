from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sentinel import trusted
from ..deciding.disposition import INSPECTOR


class QmsDisposition(models.Model):
    """The customer decides: what he accepts is for him alone."""

    _inherit = "qms.disposition"

    customer_answer = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Refused")],
        string="Answer",
        readonly=True,
        copy=False,
    )
    customer_answer_text = fields.Text(
        string="What the Customer Said",
        copy=False,
        help="Who said it, when, and on which conditions.",
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"customer_answer"}

    @api.model
    def _get_answer_fields(self):
        return super()._get_answer_fields() | {"customer_answer_text"}

    def _get_customer_problems(self):
        """Return what keeps the customer from being asked."""
        problems = self._get_bringing_problems()
        if not self.partner_id:
            problems.append(self.env._("say which customer decides."))
        if not (self.reason or "").strip():
            problems.append(self.env._("say what the customer is asked."))
        return problems

    def _execute_customer(self):
        """Ask the customer, by mail where he has an address."""
        for row in self:
            row.message_post(
                body=row.reason,
                subject=row.display_name,
                partner_ids=row.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    # -- The answer --------------------------------------------------------------------

    def action_customer_accepts(self):
        """Free the goods for the customer who accepted them.

        :raise AccessError: if the user is no inspector
        :raise UserError: all that is in the way
        """
        self._check_answer(self.env._("Customer Accepts"))
        problems = [
            f"- {row.display_name}: {text}"
            for row in self
            for text in row._get_accepting_problems()
        ]
        if problems:
            raise UserError(
                self.env._("This can't be done:\n%s", "\n".join(problems)),
            )
        self._answer("accepted")
        # sudo: who decides on goods need not be allowed to move them
        self.sudo()._free()

    def action_customer_refuses(self):
        """Leave the goods held: something else has to be decided.

        :raise AccessError: if the user is no inspector
        :raise UserError: if nobody says what the customer said
        """
        self._check_answer(self.env._("Customer Refuses"))
        self._answer("refused")
        self._set_done(0)

    def _check_answer(self, action):
        self._check_group(INSPECTOR)
        self._lock()
        wrong = self.filtered(lambda row: row.kind != "customer")
        wrong._check_state([], action)
        (self - wrong)._check_state(["in_progress"], action)
        silent = self.filtered(lambda row: not (row.customer_answer_text or "").strip())
        if silent:
            raise UserError(
                self.env._(
                    "Write down what the customer said: %s.",
                    ", ".join(silent.mapped("display_name")),
                )
            )

    def _get_accepting_problems(self):
        stock, holds = self._get_stock()[self], self._get_case_holds()[self]
        return [
            *self._get_stock_problems(stock, 0, holds),
            *self._get_refusing()[self],
            *self._get_parting_problems().values(),
        ]

    def _answer(self, answer):
        # trusted: an answer stays as it was given
        trusted(self.sudo()).customer_answer = answer
        self._audit(answer)

    def _is_freed(self):
        return super()._is_freed() or self.kind == "customer"

    def _get_customers(self):
        customers = super()._get_customers()
        return customers | self.partner_id if self.kind == "customer" else customers
