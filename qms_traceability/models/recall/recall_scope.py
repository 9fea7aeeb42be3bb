from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SCOPES = [
    ("lots", "Lots"),
    ("supplier_lot", "Lot of a supplier"),
    ("product", "Product and dates"),
    ("workcenter", "Work center and shift"),
]
INSIDE = ("internal", "transit")


class QmsRecall(models.Model):
    """What a recall starts from."""

    _inherit = "qms.recall"

    scope = fields.Selection(
        SCOPES, string="Starts from", required=True, default="lots"
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_recall_root_rel",
        "recall_id",
        "lot_id",
        string="Lots/Serial Numbers",
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    supplier_lot = fields.Char(
        string="Supplier's Lot",
        help="The number or the internal reference of lots that were received.",
    )
    supplier_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="Only what this supplier delivered. Empty: whoever did.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "qms_recall_product_rel",
        "recall_id",
        "product_id",
        string="Products",
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        ondelete="restrict",
        check_company=True,
    )
    date_from = fields.Date(string="From", help="Made or received from this day on.")
    date_to = fields.Date(string="To", help="Made or received until this day.")
    shift_from = fields.Float(
        string="Shift from", help="Hour of the day, on the clock of the company."
    )
    shift_to = fields.Float(
        string="Shift to",
        help="Hour of the day. Earlier than the beginning: a shift over midnight.",
    )

    @api.constrains("date_from", "date_to", "shift_from", "shift_to")
    def _check_window(self):
        for recall in self:
            if (
                recall.date_from
                and recall.date_to
                and recall.date_from > recall.date_to
            ):
                raise ValidationError(
                    self.env._("%s: the window ends before it begins.", recall.name)
                )
            if not all(0 <= one <= 24 for one in (recall.shift_from, recall.shift_to)):
                raise ValidationError(
                    self.env._("%s: a shift is from 0:00 to 24:00.", recall.name)
                )

    def _get_scope_problems(self):
        """Return what is missing of the scope, for people."""
        self.ensure_one()
        missing = {
            "lots": not self.lot_ids and self.env._("Choose the lots it starts from."),
            "supplier_lot": not (self.supplier_lot or "").strip()
            and self.env._("Enter the number of the supplier's lot."),
            "product": not (self.product_ids and self.date_from and self.date_to)
            and self.env._("Choose products and the window of dates."),
            "workcenter": not (self.workcenter_id and self.date_from and self.date_to)
            and self.env._("Choose the work center and the window of dates."),
        }[self.scope]
        return [missing] if missing else []

    def _find_roots(self):
        """Return the lots that the recall starts from, in sudo."""
        self.ensure_one()
        # sudo: a recall follows the goods, whoever started it
        recall = self.sudo()
        return getattr(recall, f"_find_roots_{recall.scope}")()

    def _find_roots_lots(self):
        return self.lot_ids

    def _find_roots_supplier_lot(self):
        number = self.supplier_lot.strip()
        named = Domain("name", "=", number) | Domain("ref", "=", number)
        lots = self.env["stock.lot"].search(named & self._get_company_domain())
        received = self._find_moved(lots, "location_id", ("supplier",))
        if self.supplier_id:
            received = received.filtered(self._is_from_supplier)
        return received.lot_id

    def _is_from_supplier(self, line):
        partner = line.picking_id.partner_id or line.move_id.partner_id
        return partner.commercial_partner_id == self.supplier_id.commercial_partner_id

    def _find_roots_product(self):
        domain = Domain("product_id", "in", self.product_ids.ids)
        lots = self.env["stock.lot"].search(domain & self._get_company_domain())
        arrived = self._find_moved(lots, "location_id", ("supplier", "production"))
        begin, end = self._get_window()
        return arrived.filtered(lambda line: begin <= line.date < end).lot_id

    def _find_roots_workcenter(self):
        return self._find_made_lines().lot_id

    def _find_made_lines(self):
        """Return the posted lines of what a work center made in the window."""
        begin, end = self._get_window()
        orders = self.env["mrp.workorder"].search(
            [
                ("workcenter_id", "=", self.workcenter_id.id),
                ("date_start", "<", end),
                # one that goes on has made something, whenever it was to end
                "|",
                ("state", "=", "progress"),
                ("date_finished", ">=", begin),
            ]
        )
        orders = orders.filtered(self._is_in_shift)
        lines = orders.production_id.move_finished_ids.move_line_ids
        return lines.filtered(lambda line: line.state == "done")

    def _is_in_shift(self, order):
        """Tell whether somebody worked on a work order in the shift."""
        if not self.shift_from and not self.shift_to:
            return True
        times = [(one.date_start, one.date_end) for one in order.time_ids]
        times = times or [(order.date_start, order.date_finished)]
        return any(
            begin < (end or fields.Datetime.now()) and end_at > begin_at
            for begin, end in times
            for begin_at, end_at in [self._clip_to_shifts(begin, end)]
        )

    def _clip_to_shifts(self, begin, end):
        """Return the first piece of a time that is in a shift; else an empty one."""
        end = end or fields.Datetime.now()
        for start, stop in self._get_shifts():
            first, last = max(begin, start), min(end, stop)
            if first < last:
                return first, last
        return begin, begin

    def _get_shifts(self):
        """Return begin and end of the shift of each day of the window, in UTC."""
        days = (self.date_to - self.date_from).days + 1
        length = (self.shift_to - self.shift_from) % 24 or 24
        for number in range(days):
            day = self.date_from + timedelta(days=number)
            begin = self._get_moment(day) + timedelta(hours=self.shift_from)
            yield begin, begin + timedelta(hours=length)

    def _get_window(self):
        """Return the begin of the first day and the end of the last, in UTC."""
        night = timedelta(days=self.shift_from > self.shift_to > 0)
        last = self.date_to + timedelta(days=1) + night
        return self._get_moment(self.date_from), self._get_moment(last)

    def _get_moment(self, day):
        """Return when a day begins on the clock of the company, in UTC."""
        local = self._get_zone().localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_day(self, moment):
        """Return the day of a moment in UTC, on the clock of the company."""
        return pytz.utc.localize(moment).astimezone(self._get_zone()).date()

    def _get_zone(self):
        return pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")

    def _get_company_domain(self):
        return Domain("company_id", "in", [self.company_id.id, False])

    @api.model
    def _find_moved(self, lots, field, usages):
        """Return the posted lines by which lots came from, or went to, some places.

        :param lots: ``stock.lot``
        :param str field: ``location_id`` or ``location_dest_id``
        :param usages: usages of the places
        """
        # sudo: a recall follows the goods, whoever reads it
        return (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", lots.ids),
                    ("state", "=", "done"),
                    (f"{field}.usage", "in", usages),
                ],
                order="date, id",
            )
        )
