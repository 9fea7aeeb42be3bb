from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """When the lots of an order are inspected again."""

    _inherit = "qms.quality.order"

    def _start(self):
        res = super()._start()
        self._filter_planned("release")._plan_again()
        return res

    def _validate(self):
        res = super()._validate()
        passed = self.filtered(lambda order: order.verdict == "passed")
        (self - passed)._forget_again()
        # of one that was planned when it started, the base may be known only now
        passed._plan_again()
        return res

    def _reopen(self):
        self._forget_again()
        return super()._reopen()

    def _cancel(self):
        res = super()._cancel()
        self._forget_again()
        # who leaves out one inspection does not leave out all that would follow
        self.filtered(lambda order: order.event == "again")._plan_again()
        return res

    def _filter_planned(self, basis):
        return self.filtered(lambda order: order.plan_copy_id.again_basis == basis)

    def _forget_again(self):
        planned = self.filtered("date_again")
        if planned:
            trusted(planned).write({"date_again": False, "again_next": 0})

    def _plan_again(self):
        """Set the date of the next inspection, where a timetable says one."""
        planned = {}
        # sudo: who inspects need not be allowed to read the rules
        for order in self.sudo().filtered("plan_copy_id"):
            found = order._can_be_inspected_again() and order._get_next_inspection()
            if found:
                planned[order] = found
        self.sudo().browse().union(*planned)._get_superseded()._forget_again()
        for order, (number, date) in planned.items():
            trusted(order).write({"date_again": date, "again_next": number})

    def _get_next_inspection(self):
        """Return number and date of the next inspection, ``None`` where there is none.

        A lot in several warehouses goes by the timetable that asks first.
        """
        found = [
            self._get_date_by(timetable, warehouse)
            for warehouse, timetable in self._get_timetables()
        ]
        return min(found, key=lambda one: one[1], default=None)

    def _get_timetables(self):
        """Return pairs of a warehouse and its :class:`Timetable`, as the plan had them
        when this order was made."""
        copy = self.plan_copy_id
        warehouses = copy.timetables and self._get_warehouses()
        return [
            (one, timetable)
            for one in warehouses or ()
            if (timetable := copy._get_timetable(self.product_id, one))
        ]

    def _get_warehouses(self):
        """Return where the goods are: all warehouses, or that of the order's place."""
        if self.location_id.warehouse_id:
            return self.location_id.warehouse_id
        quants = self.lot_ids.quant_ids.filtered(
            lambda quant: quant.location_id.usage in ("internal", "transit")
        )
        return quants.location_id.warehouse_id

    def _get_date_by(self, timetable, warehouse):
        zone, number = warehouse._qms_get_zone_info(), self.again_number + 1
        done = self.date_validated or fields.Datetime.now()
        if self.plan_copy_id.again_date == "approval":
            return number, timetable.get_next(done, number, zone)
        start = self.lot_ids._qms_get_manufactured()
        return timetable.get_next_since(start, number, zone, done)

    def _get_superseded(self):
        """Return the earlier orders that planned an inspection of the same lots with
        the same tests: these ones plan it from now on."""
        if not self:
            return self
        others = self.search(
            Domain("date_again", "!=", False)
            & Domain("lot_ids", "in", self.lot_ids.ids)
        )
        by_lot = self._group_by_lots()
        return others.filtered(
            lambda other: any(
                order._supersedes(other)
                for lot in other.lot_ids
                for order in by_lot[lot]
            )
        )

    def _group_by_lots(self):
        by_lot = defaultdict(list)
        for order in self:
            for lot in order.lot_ids:
                by_lot[lot].append(order)
        return by_lot

    def _supersedes(self, other):
        self.ensure_one()
        return bool(
            self != other
            and (
                other.location_id == self.location_id
                or self.plan_copy_id.again_level == "lot"
            )
            and self._get_root_groups() == other._get_root_groups()
        )

    def _get_root_groups(self):
        """Return the first versions of the test groups, which their versions share."""
        groups = self.test_group_ids
        return groups.root_id | groups.filtered(lambda group: not group.root_id)
