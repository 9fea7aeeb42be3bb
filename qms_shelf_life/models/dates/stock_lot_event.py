from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.qms_quality.models.sentinel import trusted

from .date_formula import DateFormula

RECORDERS = ("stock.group_stock_user", "qms_quality.group_quality_inspector")


class StockLot(models.Model):
    """What happens to a lot shortens its life, by its product's rule."""

    _inherit = "stock.lot"

    qms_event_ids = fields.One2many(
        "qms.lot.event", "lot_id", string="Events", readonly=True
    )
    qms_event_count = fields.Integer(compute="_compute_qms_event_count")

    def _compute_qms_event_count(self):
        counts = dict(
            self.env["qms.lot.event"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["__count"]
            )
        )
        for lot in self:
            lot.qms_event_count = counts.get(lot._origin, 0)

    def action_qms_record_event(self):
        """Open the dialog that records what happened to these lots.

        :return: action
        :raise AccessError: for those who may not
        """
        self._qms_check_record_event()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an Event"),
            "res_model": "qms.lot.event.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lot_ids": self.ids},
        }

    def action_qms_open_events(self):
        """Open the events of these lots.

        :return: action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Events"),
            "res_model": "qms.lot.event",
            "view_mode": "list,form",
            "domain": [("lot_id", "in", self.ids)],
        }

    def _qms_check_record_event(self):
        self.check_access("read")
        if not any(map(self.env.user.has_group, RECORDERS)):
            raise AccessError(
                self.env._(
                    "Events of lots are recorded by users of Inventory and quality"
                    " inspectors: ask one of them."
                )
            )

    def _qms_record_event(self, event_type, date, note=None):
        """Record what happened to these lots, and let them expire accordingly.

        An event never lengthens a lot's life; where the product has no rule for it,
        it is recorded only. To open a part of a lot, split it first.

        :param str event_type: a kind of event
        :param datetime date: when it happened
        :param str note: for people
        :return: ``qms.lot.event``
        :raise AccessError: for those who may not
        :raise UserError: for days that are still to come
        """
        self._qms_check_record_event()
        if date > fields.Datetime.now():
            raise UserError(
                self.env._("An event is recorded when it has happened, not before.")
            )
        # trusted: the rows are evidence. sudo: an inspector has no right on lots
        lots = trusted(self.sudo())
        vals_list = [lot._qms_prepare_event(event_type, date, note) for lot in lots]
        lots._qms_shorten(vals_list)
        events = lots.env["qms.lot.event"].create(vals_list)
        labels = dict(events._fields["event_type"]._description_selection(self.env))
        reason = " · ".join(filter(None, (labels[event_type], note)))
        self.env["qms.audit.entry"]._log(self, "lot_event", reason=reason)
        return events.with_env(self.env)

    def _qms_prepare_event(self, event_type, date, note):
        product = self.product_id
        rule = product.product_tmpl_id._qms_get_event_rule(event_type)
        dated = rule and product.use_expiration_date
        limit = dated and self._qms_get_event_limit(rule, date)
        return {
            "lot_id": self.id,
            "event_type": event_type,
            "date": date,
            "note": note,
            "formula": rule.formula,
            "limit_date": limit,
            "expiration_before": self.expiration_date,
            "expiration_after": self._qms_get_shortened(limit),
            "recorded_by_id": self.env.uid,
            "company_id": self.company_id.id,
        }

    def _qms_get_event_limit(self, rule, date):
        calendar = self._qms_get_calendar()
        day = rule._qms_move_day(
            DateFormula(rule.formula).after, calendar._qms_get_day(date)
        )
        return calendar._qms_get_expiry_moment(day)

    def _qms_get_shortened(self, limit):
        dates = [date for date in (self.expiration_date, limit) if date]
        return min(dates, default=False)

    def _qms_shorten(self, vals_list):
        shortened = {
            lot: vals["expiration_after"]
            for lot, vals in zip(self, vals_list, strict=True)
            if vals["expiration_after"] != vals["expiration_before"]
        }
        self._qms_set_expirations(shortened)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_events(self):
        # sudo: an event counts, whoever sees it
        kept = self.sudo().filtered("qms_event_ids")
        if kept:
            raise UserError(
                self.env._(
                    "These lots have recorded events and can't be deleted: %(lots)s.",
                    lots=", ".join(kept.mapped("display_name")),
                )
            )
