from odoo import fields, models


class QmsQualityAssociation(models.Model):
    """Which team inspects, and until when."""

    _inherit = "qms.quality.association"

    team_id = fields.Many2one(
        "qms.quality.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The team of the quality orders that this rule makes. Empty: the first"
        " team that takes care of the goods.",
    )

    def _get_date_due(self):
        # no order is due before its laboratory can have answered
        return max(super()._get_date_due(), self.test_group_id._get_date_due())
