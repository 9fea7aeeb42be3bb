from odoo import fields, models


class QmsQrs(models.Model):
    """Quality Requirements and Specifications: what a partner's goods must meet.

    A card of type *purchase* is for what vendors deliver, *sales* for what customers
    get, *production* for what goes into and comes out of manufacturing orders.
    """

    _name = "qms.qrs"
    _description = "Quality Requirements and Specifications"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _order = "code, version desc, id desc"
    _rec_names_search = ["code", "description"]

    code = fields.Char(required=True, copy=False, tracking=True)
    description = fields.Char(required=True, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("inactive", "Inactive")],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    version = fields.Integer(required=True, readonly=True, copy=False, default=1)
    former_id = fields.Many2one("qms.qrs", "Former Version", readonly=True, copy=False)
    type = fields.Selection(
        [
            ("purchase", "Purchase"),
            ("sales", "Sales"),
            ("production", "Production"),
        ],
        required=True,
        default="sales",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    # companies, never contacts: a contact counts as its company
    partner_ids = fields.Many2many("res.partner", string="Partners", copy=False)
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        help="Where goods arrive, leave or are made, with all places in it."
        " Empty: everywhere.",
    )
    date_from = fields.Date("From", help="First day, by the date of posting.")
    date_to = fields.Date("To", help="Last day, by the date of posting.")
    line_ids = fields.One2many("qms.qrs.line", "qrs_id", copy=True)
    note = fields.Html(help="For all lines; printed with them.")
