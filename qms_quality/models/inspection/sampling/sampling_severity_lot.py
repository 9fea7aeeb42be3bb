from odoo import fields, models

from .sampling_plan_z14 import SEVERITIES


class QmsSamplingSeverityLot(models.Model):
    """A lot that was accepted or rejected, as the switching rules saw it."""

    _name = "qms.sampling.severity.lot"
    _description = "Lot of a Severity's History"
    _inherit = ["qms.sampling.record"]
    _qms_audit_whole = "severity_id"
    _order = "id desc"

    severity_id = fields.Many2one(
        "qms.sampling.severity",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="severity_id.company_id", store=True, precompute=True
    )
    order_id = fields.Many2one(
        "qms.quality.order",
        string="Quality Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    lot_names = fields.Char(related="order_id.lot_names")
    inspected_as = fields.Selection(SEVERITIES, readonly=True)
    is_accepted = fields.Boolean(string="Accepted", readonly=True)
    is_gap = fields.Boolean(
        string="Between Ac and Re",
        readonly=True,
        help="Accepted on reduced inspection, but the next lot is inspected normally.",
    )
    size = fields.Integer(string="Units", readonly=True)
    found = fields.Integer(string="Defects", readonly=True)
    accept = fields.Integer(string="Ac", readonly=True)
    reject = fields.Integer(string="Re", readonly=True)
    is_resubmission = fields.Boolean(string="Submitted again", readonly=True)
    is_counted = fields.Boolean(
        string="Counted",
        readonly=True,
        help="Not, for a lot that was submitted again, or inspected by another severity"
        " than the one that held when it was judged.",
    )
