from odoo import SUPERUSER_ID, fields, models


class ResUsers(models.Model):
    """People name their substitutes in their preferences."""

    _inherit = "res.users"

    qms_substitute_ids = fields.One2many(
        "qms.approval.substitute", "user_id", string="Substitutes for Approvals"
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "qms_substitute_ids"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "qms_substitute_ids"]

    def _is_human(self):
        """Tell whether a person stands behind the user: the system never agrees."""
        return self.id != SUPERUSER_ID
