from odoo import models

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsCriterionMixin(models.AbstractModel):
    """What becomes of criteria whose kind goes with this addon."""

    _inherit = "qms.criterion.mixin"

    def _qms_drop_kind(self):
        """Delete these criteria; those that deviations tell of stay, as a text."""
        told = self.browse()
        if self._name == "qms.qrs.document.criterion":
            deviations = self.env["qms.deviation"].sudo()
            domain = [("criterion_id", "in", self.ids)]
            told = deviations.search(domain).criterion_id
        (self - told).unlink()
        for criterion in trusted(told):
            text = criterion._get_expected_text()
            criterion.write({"kind": "label", "label": text, "departure": "recorded"})
