from odoo import fields, models


class ResCompany(models.Model):
    """What holds for goods near their date, where nothing else is said."""

    _name = "res.company"
    _inherit = ["res.company", "qms.near.window.mixin"]

    qms_near_expiry = fields.Char(
        help="For products that neither have a window nor get one from their"
        " categories. Empty: they are not listed.",
    )
    qms_near_expiry_discount = fields.Float(
        string="Special Sale Discount",
        default=0.3,
        help="What is proposed off the sales price of goods near their date.",
    )
    qms_near_expiry_again = fields.Integer(
        string="Ask again after",
        help="So many days after it was decided to use goods first, or to leave them,"
        " what is left of them is listed again. 0: not before they have expired.",
    )

    _near_expiry_discount_check = models.Constraint(
        "CHECK(qms_near_expiry_discount BETWEEN 0 AND 1)",
        "The discount of a special sale lies between 0 and 100 %.",
    )
    _near_expiry_again_check = models.Constraint(
        "CHECK(qms_near_expiry_again >= 0)",
        "The days after which goods near their date are listed again can't be"
        " negative.",
    )
