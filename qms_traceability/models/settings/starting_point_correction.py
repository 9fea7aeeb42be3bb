from odoo import api, models
from odoo.fields import Command

KEY = "sign_correct"


class QmsStartingPoint(models.AbstractModel):
    """*Regulated*: who corrects tracked components after closing signs for it."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, KEY) if name == "regulated" else keys

    def _prepare_signature_rules(self):
        meaning = self.env.ref("qms_quality.meaning_responsible")
        values = {
            "guarded": "qms.tracked.product:correct",
            # whoever may correct
            "group_id": self.env.ref("mrp.group_mrp_user").id,
            "meaning_ids": [Command.link(meaning.id)],
            "company_id": self.env.company.id,
        }
        return {
            **super()._prepare_signature_rules(),
            KEY: ("qms.signature.rule", values),
        }
