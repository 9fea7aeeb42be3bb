from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_complaint_days = fields.Integer(
        string="Days to Answer Complaints",
        default=10,
        help="The deadline of a new complaint. 0: as of other cases.",
    )
    qms_complaint_reportable = fields.Boolean(
        string="Decide whether Complaints are Reportable",
        help="A complaint can't be closed before it is decided whether it has to be"
        " reported to an authority.",
    )

    _qms_complaint_days_check = models.Constraint(
        "CHECK(qms_complaint_days >= 0)",
        "The days to answer complaints can't be less than 0.",
    )
