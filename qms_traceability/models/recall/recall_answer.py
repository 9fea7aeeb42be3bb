from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

from odoo.addons.qms_quality.models.number_text import format_quantity
from odoo.addons.qms_quality.models.sentinel import is_trusted, trusted

from .recall import COORDINATOR, DONE_STATES
from .recall_customer_line import ANSWERS

AWAITED = ("told", "acknowledged")
TEXT_LENGTH = 10_000


class QmsRecallCustomer(models.Model):
    """What a customer says: that he knows of it, and what became of the goods."""

    _inherit = "qms.recall.customer"

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"contact_id", "lang", "remark", "line_ids"}

    def write(self, vals):
        if not is_trusted(self.env) and vals.keys() & {"contact_id", "lang"}:
            self.env.user._qms_check_group(COORDINATOR)
            self._check_state(["to_tell", *AWAITED], self.env._("Another contact"))
        return super().write(vals)

    # -- Entered by us -----------------------------------------------------------------

    def action_answer(self):
        """Take what was entered as the customer's answer, which came another way.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if it isn't awaited, or says more than he got
        """
        self._check_coordinator()
        self._check_state(AWAITED, self.env._("Enter the answer"))
        problems = [one for customer in self for one in customer._get_problems()]
        if problems:
            raise UserError("\n".join(problems))
        for customer in self:
            customer._answer(self.env.user.name, "internal")

    def action_acknowledge(self):
        """Note that the customer said that he knows of it.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if he isn't told, or has said so already
        """
        self._check_coordinator()
        self._check_state(["told"], self.env._("Acknowledged"))
        self._acknowledge()

    def _acknowledge(self):
        trusted(self).write(
            {"state": "acknowledged", "date_acknowledged": fields.Datetime.now()}
        )
        self._audit("acknowledge")

    def _get_problems(self):
        """Return what can't be of the quantities of the answer, for people."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return [
            self.env._(
                "%(lot)s: you account for %(said)s %(unit)s, but got %(delivered)s.",
                lot=line._get_label(),
                said=format_quantity(self.env, line._get_said()),
                unit=line.uom_name,
                delivered=format_quantity(self.env, line.delivered),
            )
            for line in self.line_ids
            if float_compare(
                line._get_said(), max(line.delivered, 0), precision_digits=digits
            )
            > 0
        ]

    def _answer(self, who, channel):
        """Take the answer as it stands, and tell the coordinator.

        :param str who: name of the person who answered
        :param str channel: ``portal``, ``link`` or ``internal``
        """
        now = fields.Datetime.now()
        trusted(self).write(
            {
                "state": "answered",
                "date_answered": now,
                "date_acknowledged": self.date_acknowledged or now,
                "answered_by": who,
                "answer_channel": channel,
            }
        )
        self._audit("answer", reason=who)
        author = self.contact_id if channel == "link" else self.env.user.partner_id
        self._message_log(
            body=self.env._("The customer's answer: %s", who), author_id=author.id
        )

    def action_ask_again(self):
        """Take answers back: the customer can answer once more.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if he hasn't answered
        """
        self._check_coordinator()
        self.recall_id._check_tell()
        self._check_state(["answered"], self.env._("Ask Again"))
        trusted(self).write({"state": "acknowledged", "date_answered": False})
        self._audit("ask_again")

    # -- From the portal ---------------------------------------------------------------

    def _is_awaited(self):
        self.ensure_one()
        return self.state in AWAITED and self.recall_id.state not in DONE_STATES

    def _save_portal_answer(self, post, name):
        """Keep what a customer entered as his answer, or nothing of it.

        :param dict post: what his browser sent; only quantities of his goods and the
            remark are read
        :param str name: what his person is called, if he isn't logged in
        :return: list of problems, for people
        """
        self.ensure_one()
        user = self.env.user
        who = self._clean(name)[:100] if user._is_public() else user.name
        if not self._is_awaited():
            return [self.env._("This recall isn't waiting for an answer any more.")]
        values, problems = self._read_quantities(post)
        remark = self._clean(post.get("remark"))
        if len(remark) > TEXT_LENGTH:
            problems.append(self.env._("Remark: at most %s characters.", TEXT_LENGTH))
        if not who:
            problems.append(self.env._("Enter your name."))
        if not problems:
            for line, vals in values.items():
                trusted(line).write(vals)
            trusted(self).remark = remark
            self._answer(who, "link" if user._is_public() else "portal")
        return problems

    def _acknowledge_portal(self):
        """Note that the customer read the notice; nothing, if he said so before."""
        if self.state == "told" and self._is_awaited():
            self._acknowledge()

    def _clean(self, text):
        # PostgreSQL keeps no zeros, and browsers send line ends of their own
        text = text if isinstance(text, str) else ""
        return text.replace("\x00", "").replace("\r\n", "\n").strip()

    def _read_quantities(self, post):
        """Return the quantities of each of the customer's goods, and what is wrong.

        :return: ``({line: values}, [problem])``
        """
        values, problems = {}, []
        for line in self.line_ids:
            texts = {name: post.get(f"{name}_{line.id}") for name in ANSWERS}
            vals = {name: _read_number(text) for name, text in texts.items()}
            values[line] = vals
            if None in vals.values():
                problems.append(
                    self.env._("%s: enter quantities as numbers.", line._get_label())
                )
            elif sum(vals.values()) > max(line.delivered, 0) + 1e-6:
                problems.append(
                    self.env._(
                        "%(lot)s: you account for %(said)s %(unit)s, but got"
                        " %(delivered)s.",
                        lot=line._get_label(),
                        said=format_quantity(self.env, sum(vals.values())),
                        unit=line.uom_name,
                        delivered=format_quantity(self.env, line.delivered),
                    )
                )
        return values, problems


class QmsRecallCustomerLine(models.Model):
    """Quantities that came another way are entered by coordinators."""

    _inherit = "qms.recall.customer.line"

    def write(self, vals):
        if not is_trusted(self.env) and vals.keys() & set(ANSWERS):
            self.env.user._qms_check_group(COORDINATOR)
            self.customer_id._check_state(AWAITED, self.env._("Enter the answer"))
            if any(one.state in DONE_STATES for one in self.customer_id.recall_id):
                raise AccessError(self.env._("The recall is closed or cancelled."))
        return super().write(vals)


def _read_number(text):
    """Return the number that somebody typed, nothing typed being 0, or ``None``."""
    text = (
        (text or "").strip().replace(",", ".") if isinstance(text or "", str) else "?"
    )
    try:
        number = float(text or 0)
    except ValueError:
        return None
    # neither less than nothing, nor what is no number or has no end
    return number if 0 <= number < 1e12 else None
