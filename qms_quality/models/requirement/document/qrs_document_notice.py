from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...sentinel import trusted


class QmsQrsDocumentLine(models.Model):
    """Requirements that were changed by hand stay when the order changes."""

    _inherit = "qms.qrs.document.line"

    notice = fields.Char(
        readonly=True,
        copy=False,
        help="Why these requirements should be looked at again.",
    )

    state = fields.Selection(
        [
            ("required", "In Force"),
            ("manual", "Changed by Hand"),
            ("notice", "Look at Again"),
            ("locked", "Locked"),
        ],
        "Status",
        compute="_compute_state",
    )
    requirement_text = fields.Text(
        "Requirements", compute="_compute_requirement_text", compute_sudo=True
    )

    @api.depends("lock_reason", "manually_updated", "notice")
    def _compute_state(self):
        for copy in self:
            copy.state = (
                (copy.notice and "notice")
                or (copy.lock_reason and "locked")
                or (copy.manually_updated and "manual")
                or "required"
            )

    @api.depends("criterion_ids", "instructions")
    def _compute_requirement_text(self):
        for copy in self:
            texts = copy.criterion_ids.mapped("display_name")
            texts.append(html2plaintext(copy.instructions or "").strip())
            copy.requirement_text = "\n".join(text for text in texts if text)

    def action_keep(self):
        """Say that requirements that were kept are right as they are.

        :raise AccessError: to whoever is not a QRS administrator
        """
        self._check_administrator()
        trusted(self).write({"notice": False})

    def action_take_from_card(self):
        """Replace what was changed by hand by what applies now; nothing if none does.

        :raise AccessError: to whoever is not a QRS administrator
        :raise UserError: if goods have moved, or deviations tell of the requirements
        """
        self._check_edit()
        self.criterion_ids._check_deviations()
        lines = [copy._get_line() for copy in self]
        trusted(self.sudo()).unlink()
        for line in lines:
            line._qms_derive_requirements()
        return {"type": "ir.actions.act_window_close"}

    # -- What people are told ----------------------------------------------------------

    def _get_kept_text(self, demand, origin):
        """Return why this copy was kept, and what is other than when it was made."""
        names = self._get_kept_fields(demand)
        if origin and origin._name == self._name and origin != self.blanket_line_id:
            names.append("blanket_line_id")
        labels = [self._fields[name]._description_string(self.env) for name in names]
        if self.manually_updated:
            text = self.env._("Changed by hand, so kept when the order changed:")
        elif self._is_agreed(demand):
            text = self.env._("Agreed on, so kept when the order changed:")
        else:
            text = self.env._("Kept, for its deviations, when the order changed:")
        return f"{text} {', '.join(labels)}"

    def _get_kept_fields(self, demand):
        return self._get_changes(demand) if demand else ["product_id"]

    def _tell_kept(self):
        """Write into the orders' histories which requirements were kept."""
        kept = defaultdict(lambda: self.browse())
        for copy in self:
            kept[copy._get_line()._qms_get_required_order()] |= copy
        for order, copies in kept.items():
            order.message_post(body=copies._get_kept_message())

    def _get_kept_message(self):
        rows = Markup("").join(
            Markup("<li>%s: %s</li>") % (copy.product_id.display_name, copy.notice)
            for copy in self
        )
        title = self.env._("Quality requirements to look at again")
        return Markup("%s<ul>%s</ul>") % (title, rows)

    def _get_line(self):
        """Return the order line of this copy, in sudo."""
        self.ensure_one()
        # sudo: who may see the copy need not be allowed to open the order
        return self.env[self.res_model].sudo().browse(self.res_id)
