from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.sentinel import is_trusted, trusted

# The buttons that ask, and what a confirmation presses again.
BUTTONS = {
    "stock.picking": "button_validate",
    "mrp.production": "button_mark_done",
    "stock.scrap": "action_validate",
}


class QmsWarning(models.TransientModel):
    """Asks about goods that the gate warns of, and remembers who confirmed.

    What is remembered is which goods for which document: a confirmation is good for
    nothing else, for nobody else, and no caller can write it.
    """

    _name = "qms.warning"
    _description = "Warning about Held Goods"

    text = fields.Text(readonly=True)
    res_model = fields.Char(readonly=True)
    res_ids = fields.Json(readonly=True)
    keys = fields.Json(readonly=True)
    confirmed = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        self._check_trusted()
        return super().write(vals)

    def _check_trusted(self):
        if not is_trusted(self.env):
            raise AccessError(self.env._("A warning is confirmed by its button only."))

    @api.model
    def _ask(self, documents, warnings):
        """Return the action that asks about ``warnings``, or None.

        :param documents: records whose button was pressed
        :param dict warnings: ``{key: text}``, see :meth:`_get_key`
        """
        new = warnings.keys() - self._get_confirmed()
        if not new:
            return None
        # sudo and trusted: nobody writes down a confirmation but this
        warning = trusted(self.sudo()).create(
            {
                "text": "\n".join(warnings.values()),
                "res_model": documents._name,
                "res_ids": documents.ids,
                "keys": list(warnings),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Use these Goods?"),
            "res_model": self._name,
            "res_id": warning.id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    @api.model
    def _get_key(self, document, goods, reason):
        """Return what a confirmation is about: document, goods and what warned."""
        parts = [f"{document._name},{document.id}"]
        parts += [str(record.id) for record in goods]
        parts.append(f"{reason.status.id}:{reason.hold.id}:{reason.text}")
        return "|".join(parts)

    @api.model
    def _get_confirmed(self):
        """Return the keys of what this user has confirmed lately."""
        # sudo: rows of transient models are their creators', which is what we ask
        rows = self.sudo().search(
            [("create_uid", "=", self.env.uid), ("confirmed", "=", True)]
        )
        return {key for row in rows for key in row.keys}

    def action_confirm(self):
        """Use the goods all the same: press the button again.

        :return: what the button returns
        """
        self.ensure_one()
        self._check_confirm()
        trusted(self.sudo()).confirmed = True
        documents = self.env[self.res_model].browse(self.res_ids)
        return getattr(documents, BUTTONS[self.res_model])()

    def _check_confirm(self):
        if self.create_uid != self.env.user:
            raise AccessError(
                self.env._("Only who was asked can confirm: press the button again.")
            )
