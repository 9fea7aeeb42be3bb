from odoo import api, fields, models

from .plan_options import BASES


class QmsTestLimitsMixin(models.AbstractModel):
    """A test that says itself how many of its readings have to be there."""

    _inherit = "qms.test.limits.mixin"

    own_basis = fields.Boolean(
        help="The test says itself when it is complete, whatever the quality plan says."
    )
    basis = fields.Selection(
        BASES,
        string="Complete when",
        required=True,
        default="all",
        help="How many of the readings have to be there before the test can pass. It"
        " counts for orders with a quality plan.",
    )

    @api.model
    def _get_specified_fields(self):
        return [*super()._get_specified_fields(), "own_basis", "basis"]
