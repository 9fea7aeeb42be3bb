from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_open_cases = fields.Boolean(
        string="Cases from Failed Quality Orders",
        default=True,
        help="A quality order that fails opens a nonconformance, which holds the goods"
        " from then on. Otherwise inspectors open it by a button.",
    )
    qms_case_days = fields.Integer(
        string="Days to Close a Case",
        default=14,
        help="The deadline of a new nonconformance. 0: none.",
    )

    _qms_case_days_check = models.Constraint(
        "CHECK(qms_case_days >= 0)", "Days to close a case can't be negative."
    )
