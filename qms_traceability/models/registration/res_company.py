from odoo import fields, models

SEQUENCE = "qms.tracked.component"


class ResCompany(models.Model):
    """How strictly components are registered."""

    _inherit = "res.company"

    qms_tracked_required = fields.Boolean(
        string="Missing Registrations Block Closing",
        help="Manufacturing orders of tracked products are closed only when all their"
        " tracked components are registered.",
    )
    qms_tracked_new_numbers = fields.Selection(
        [
            ("sequence", "Only numbers of the product's sequence"),
            ("any", "Any number"),
        ],
        string="New Finished Numbers",
        required=True,
        default="sequence",
        help="Which lot or serial numbers that don't exist yet may be scanned or typed"
        " for a finished product.",
    )
    qms_tracked_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Numbers of Registrations",
        domain="[('company_id', 'in', (False, id))]",
        help="The sequence that registrations of components are numbered by.",
    )

    def _qms_get_next_registration(self):
        """Return the number of a new registration."""
        self.ensure_one()
        # sudo: who registers need not be allowed to read sequences
        if sequence := self.sudo().qms_tracked_sequence_id:
            return sequence.next_by_id()
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        return sequences.next_by_code(SEQUENCE) or "/"
