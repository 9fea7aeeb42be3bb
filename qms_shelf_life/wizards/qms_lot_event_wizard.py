from odoo import api, fields, models
from odoo.tools import format_date

from ..models.dates.lot_event_rule import EVENTS


class QmsLotEventWizard(models.TransientModel):
    """Asks what happened to lots, and when."""

    _name = "qms.lot.event.wizard"
    _description = "Record an Event of Lots"

    lot_ids = fields.Many2many("stock.lot", string="Lots", required=True)
    event_type = fields.Selection(
        EVENTS, string="What Happened", required=True, default="opened"
    )
    date = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now()
    )
    note = fields.Char()
    preview = fields.Text(string="What Changes", compute="_compute_preview")

    @api.depends("lot_ids", "event_type", "date")
    def _compute_preview(self):
        for wizard in self:
            lots = wizard.lot_ids._origin if wizard.date and wizard.event_type else ()
            wizard.preview = "\n".join(map(wizard._get_effect, lots[:10]))

    def _get_effect(self, lot):
        vals = lot._qms_prepare_event(self.event_type, self.date, self.note)
        if not vals["limit_date"]:
            return self.env._(
                "%(lot)s: no rule for this, its date stays", lot=lot.display_name
            )
        if vals["expiration_after"] == vals["expiration_before"]:
            return self.env._("%(lot)s: expires before anyway", lot=lot.display_name)
        calendar = lot._qms_get_calendar()
        day = calendar._qms_get_day(vals["expiration_after"])
        return self.env._(
            "%(lot)s: expires on %(day)s",
            lot=lot.display_name,
            day=format_date(self.env, day),
        )

    def action_record(self):
        """Record the event of these lots.

        :raise AccessError, UserError: as ``stock.lot._qms_record_event``
        """
        self.ensure_one()
        self.lot_ids._qms_record_event(self.event_type, self.date, self.note)
