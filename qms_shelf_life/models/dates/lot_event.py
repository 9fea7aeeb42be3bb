from odoo import fields, models

from .lot_event_rule import EVENTS


class QmsLotEvent(models.Model):
    """What happened to a lot, and when it expires since."""

    _name = "qms.lot.event"
    _description = "Event of a Lot"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "date desc, id desc"
    _rec_name = "event_type"

    lot_id = fields.Many2one(
        "stock.lot", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    event_type = fields.Selection(EVENTS, string="Event", required=True)
    date = fields.Datetime(string="Happened", required=True)
    note = fields.Char()
    formula = fields.Char(
        string="Expires After", help="The rule of the day on which it was recorded."
    )
    limit_date = fields.Datetime(
        string="Expires at Latest", help="Empty: no rule for this kind of event."
    )
    expiration_before = fields.Datetime()
    expiration_after = fields.Datetime()
    recorded_by_id = fields.Many2one(
        "res.users", string="Recorded by", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")

    def _get_protection_text(self):
        return self.env._(
            "The events of lots are evidence: record one with the button on the lot."
            " None is changed or deleted."
        )
