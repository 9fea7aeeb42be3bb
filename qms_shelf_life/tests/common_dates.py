from datetime import timedelta

from odoo import fields

from .common import ShelfLifeCase


class DatesCase(ShelfLifeCase):
    """``cls.milk`` gets rules; ``cls.clerk`` moves it, ``cls.keeper`` keeps dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.milk.product_tmpl_id
        # the day of a test must not end while it runs
        cls.warehouse.partner_id.tz = cls._get_noon_zone()
        cls.company.partner_id.tz = cls.warehouse.partner_id.tz
        cls.company.resource_calendar_id.tz = cls.warehouse.partner_id.tz
        cls.today = cls.warehouse._qms_get_day()

    @classmethod
    def _get_noon_zone(cls):
        """Return a time zone in which it is about noon."""
        hours = 12 - fields.Datetime.now().hour
        return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"

    @classmethod
    def _in(cls, days):
        return cls.today + timedelta(days=days)

    def _get_day(self, moment):
        """Return the day of a moment in the dairy's calendar."""
        moment = fields.Datetime.to_datetime(moment)
        return moment and self.warehouse._qms_get_day(moment)

    def _receive(self, **vals):
        """Return the clerk's line of a receipt of 10 milk, not posted yet."""
        picking = self._picking("incoming", 10, self.milk)
        picking.action_confirm()
        line = picking.with_user(self.clerk).move_ids.move_line_ids
        line.write({"lot_name": "R-1", "quantity": 10, **vals})
        return line

    def _post(self, line):
        """Post the line's receipt; return its lot."""
        line.picking_id.move_ids.picked = True
        line.picking_id.button_validate()
        return line.lot_id
