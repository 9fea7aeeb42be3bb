from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.qms_quality.models.sentinel import trusted

# What says where equipment stands; archived equipment stands nowhere.
PLACE = {"qms_workcenter_id", "active"}
ENTERED = {"qms_workcenter_id", "qms_placed_on"}


class MaintenanceEquipment(models.Model):
    """Each change of the work center is noted."""

    _inherit = "maintenance.equipment"

    @api.model_create_multi
    def create(self, vals_list):
        self._qms_check_entered(vals_list)
        own = [{**vals} for vals in vals_list]
        dates = [vals.pop("qms_placed_on", False) for vals in own]
        equipment = super().create(own)
        for one, date in zip(equipment, dates, strict=True):
            one._qms_take_place(fields.Datetime.to_datetime(date))
        return equipment

    def write(self, vals):
        self._qms_check_entered([vals])
        if not PLACE & vals.keys():
            return super().write(vals)
        vals = {**vals}
        date = fields.Datetime.to_datetime(vals.pop("qms_placed_on", False))
        before = {one: one._qms_get_stand() for one in self}
        res = super().write(vals)
        moved = self.filtered(lambda one: one._qms_get_stand() != before[one])
        moved._qms_leave_place(date or fields.Datetime.now())
        moved.filtered("active")._qms_take_place(date)
        if date:
            (self - moved).qms_placed_on = date
        return res

    @api.model
    def _qms_check_entered(self, vals_list):
        """Refuse what is neither a work center nor a time, whoever sends it."""
        self._check_input(
            [{name: vals[name] for name in ENTERED & vals.keys()} for vals in vals_list]
        )

    def _inverse_qms_placed_on(self):
        for equipment in self:
            if place := equipment._qms_get_present_place():
                equipment._qms_correct_start(place, equipment.qms_placed_on)

    def _qms_get_stand(self):
        return self.qms_workcenter_id if self.active else self.env["mrp.workcenter"]

    def _qms_get_places(self):
        """Return all places, the newest first, as only the system may write them."""
        # sudo: nobody has the right to write places
        return trusted(self.sudo().qms_place_ids.sorted("id", reverse=True))

    def _qms_get_present_place(self):
        return self._qms_get_places().filtered(lambda place: not place.date_to)

    @api.model
    def _qms_note_present_places(self):
        """Note where equipment stands whose place was set before places were noted."""
        equipment = self.with_context(active_test=False).search(
            [("qms_workcenter_id", "!=", False), ("qms_place_ids", "=", False)]
        )
        equipment._qms_take_place(False)

    # -- Moving ------------------------------------------------------------------------

    def _qms_take_place(self, date):
        """Note that equipment stands at its work center.

        :param datetime date: since when, if not just now; the first place of equipment
            counts from its effective date
        """
        vals_list = []
        for one in self.filtered("qms_workcenter_id"):
            places = one._qms_get_places()
            one._qms_check_date(date, places[:1].date_to)
            vals_list.append(
                {
                    "equipment_id": one.id,
                    "workcenter_id": one.qms_workcenter_id.id,
                    "date_from": date or (places and fields.Datetime.now()),
                }
            )
        # sudo: nobody has the right to write places
        trusted(self.env["qms.equipment.place"].sudo()).create(vals_list)

    def _qms_leave_place(self, date):
        places = self._qms_get_present_place()
        for place in places:
            place.equipment_id._qms_check_date(date, place.date_from)
        places.write({"date_to": date})
        places.flush_recordset()  # before the next place begins

    def _qms_correct_start(self, place, date):
        """Let the present place begin, and the one before it end, at another time."""
        before = (self._qms_get_places() - place)[:1]
        if before and not date:
            raise UserError(
                self.env._(
                    "%s stood elsewhere before: say since when it stands at its work"
                    " center.",
                    self.display_name,
                )
            )
        at_once = before.date_to == place.date_from
        self._qms_check_date(date, before.date_from if at_once else before.date_to)
        if at_once:
            before.date_to = date
        place.date_from = date

    def _qms_check_date(self, date, earliest):
        """Refuse a move that is still to come, or comes before what was noted last."""
        if date and date > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(equipment)s: %(date)s is still to come. Enter a move once it is"
                    " done.",
                    equipment=self.display_name,
                    date=format_datetime(self.env, date),
                )
            )
        if date and earliest and date < earliest:
            raise UserError(
                self.env._(
                    "%(equipment)s: %(date)s is before %(earliest)s, when it was moved"
                    " last. Enter a later time.",
                    equipment=self.display_name,
                    date=format_datetime(self.env, date),
                    earliest=format_datetime(self.env, earliest),
                )
            )
