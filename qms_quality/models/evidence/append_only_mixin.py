from odoo import api, models
from odoo.exceptions import AccessError

from ..sentinel import is_trusted


class QmsAppendOnlyMixin(models.AbstractModel):
    """Rows that the system adds, and that nobody changes or deletes.

    The tables have triggers too, see ``seal_guard``.
    """

    _name = "qms.append.only.mixin"
    _description = "Append-only Record"
    _log_access = False

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "%(model)s: written by the system only.", model=self._description
                )
            )
        return super().create(vals_list)

    # pylint: disable=method-required-super
    def write(self, vals):
        self._refuse_change()

    # pylint: disable=method-required-super
    def unlink(self):
        self._refuse_change()

    def _refuse_change(self):
        raise AccessError(
            self.env._(
                "%(model)s: can't be changed or deleted, by anyone.",
                model=self._description,
            )
        )
