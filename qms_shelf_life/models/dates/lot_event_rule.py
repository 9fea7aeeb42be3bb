from odoo import fields, models

EVENTS = [
    ("opened", "Opened"),
    ("thawed", "Thawed"),
    ("temperature", "Temperature excursion"),
]


class QmsLotEventRule(models.Model):
    """How long goods keep after something happened to them."""

    _name = "qms.lot.event.rule"
    _description = "Shelf Life after an Event"
    _inherit = ["qms.date.formula.mixin", "qms.audit.mixin"]
    _order = "event_type, id"
    _rec_name = "event_type"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", ondelete="cascade", index=True
    )
    category_id = fields.Many2one(
        "product.category", ondelete="cascade", index="btree_not_null"
    )
    event_type = fields.Selection(EVENTS, string="Event", required=True)
    formula = fields.Char(
        string="Expires After",
        required=True,
        qms_formula=True,
        help="A date formula, from the day of the event on: 3D, 2W.",
    )

    _owner_check = models.Constraint(
        "CHECK (num_nonnulls(product_tmpl_id, category_id) = 1)",
        "Such a rule belongs to a product or to a category.",
    )
    _event_uniq = models.UniqueIndex(
        "(COALESCE(product_tmpl_id, 0), COALESCE(category_id, 0), event_type)",
        "There is one rule for each kind of event.",
    )
