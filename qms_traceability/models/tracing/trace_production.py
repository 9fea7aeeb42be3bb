from odoo import api, fields, models
from odoo.fields import Domain

from .trace_reach import SIDES


class QmsTrace(models.AbstractModel):
    """Who made the goods, where, on what and when."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_productions(self, lot_ids):
        """Return the manufacturing orders that made lots, or used them.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"production_id": int, "production": str, "role": "made" or
            "used", "lot_ids": list, "product_id": int, "product": str, "date": str,
            "user": str or False, "workorders": [{"id": int, "name": str,
            "workcenter_id": int, "workcenter": str, "equipment": [{"id", "name"}],
            "times": [{"user": str, "start": str, "end": str or False, "shift": str or
            False, "equipment": list}]}]}``; equipment is what stood there at that time
        :raise AccessError: also where the user may not read manufacturing orders
        """
        lots = self._get_lots(lot_ids)
        roles = self._get_roles(lots)
        orders = self.env["mrp.production"].search(
            [("id", "in", list({order for order, _role in roles}))], order="id"
        )
        # sudo: operations, work centers and times of orders that the user may read
        orders = orders.sudo()
        equipment = self._get_equipment(orders.workorder_ids)
        return [
            self._prepare_production(order, role, sorted(lots_of), equipment)
            for order in orders
            for role in ("made", "used")
            if (lots_of := roles.get((order.id, role)))
        ]

    @api.model
    def _get_roles(self, lots):
        """Return ``{(order id, role): set of lot ids}``."""
        links = self.env["qms.lot.link"]
        made, used = SIDES["backward"][0], SIDES["forward"][0]
        roles = {}
        for side, role in ((made, "made"), (used, "used")):
            groups = links._read_group(
                links._get_valid_domain()
                & Domain(side, "in", lots.ids)
                & Domain("res_model", "=", "mrp.production"),
                ["production_id", side],
            )
            for order, lot in groups:
                roles.setdefault((order.id, role), set()).add(lot.id)
        return roles

    @api.model
    def _prepare_production(self, order, role, lot_ids, equipment):
        return {
            "production_id": order.id,
            "production": order.name,
            "role": role,
            "lot_ids": lot_ids,
            "product_id": order.product_id.id,
            "product": order.product_id.display_name,
            "date": self._get_text(order.date_finished),
            "user": order.user_id.name or False,
            "workorders": [
                self._prepare_workorder(one, equipment) for one in order.workorder_ids
            ],
        }

    @api.model
    def _prepare_workorder(self, workorder, equipment):
        times = workorder.time_ids
        return {
            "id": workorder.id,
            "name": workorder.name,
            "workcenter_id": workorder.workcenter_id.id,
            "workcenter": workorder.workcenter_id.name,
            "equipment": self._prepare_equipment(times or workorder, equipment),
            "times": [self._prepare_time(time, equipment) for time in times],
        }

    @api.model
    def _prepare_time(self, time, equipment):
        return {
            "user": time.user_id.name or False,
            "start": self._get_text(time.date_start),
            "end": self._get_text(time.date_end),
            "shift": self._get_shift(time.workcenter_id, time.date_start),
            "equipment": self._prepare_equipment(time, equipment),
        }

    @api.model
    def _prepare_equipment(self, records, equipment):
        machines = self.env["maintenance.equipment"].union(
            *(equipment[record] for record in records)
        )
        return [{"id": one.id, "name": one.name} for one in machines.sorted("id")]

    @api.model
    def _get_shift(self, center, moment):
        """Return the name of the working time in which a moment falls, else False."""
        calendar = center.resource_calendar_id
        if not calendar or not moment:
            return False
        zone = center.with_context(tz=calendar.tz or center.tz or "UTC")
        local = fields.Datetime.context_timestamp(zone, moment)
        hour = local.hour + local.minute / 60
        lines = calendar.attendance_ids.filtered(
            lambda line: (
                line.dayofweek == str(local.weekday())
                and line.hour_from <= hour < line.hour_to
            )
        )
        return lines[:1].name or False
