from odoo import models


class QmsCriterionMixin(models.AbstractModel):
    _inherit = "qms.criterion.mixin"

    def _get_subject(self):
        """Return in a word or two what this criterion is about."""
        self.ensure_one()
        criterion = self.sudo()
        if criterion.kind == "attribute":
            return criterion.attribute_id.name
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]
