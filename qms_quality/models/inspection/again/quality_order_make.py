from collections import defaultdict
from datetime import UTC
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...sentinel import trusted, untrusted
from ..quality_order import DONE_STATES, INSPECTOR


class AgainGoods(NamedTuple):
    """What one order is about: lots, how much of them, and where, if not anywhere."""

    lots: object
    quantity: float
    location: object
    warehouses: object


class QmsQualityOrder(models.Model):
    """The inspections that a timetable asks for are made."""

    _inherit = "qms.quality.order"

    # -- By hand -----------------------------------------------------------------------

    def action_inspect_again(self):
        """Make the next quality order of lots now, whatever the timetable says.

        :return: the action that opens it
        :raise AccessError: if the user is no inspector
        :raise UserError: if an order isn't validated, has a successor that is still
            open, or its lots are not in stock any more
        """
        self._check_inspect_again()
        orders = self._inspect_again()
        if not orders:
            raise UserError(
                self.env._(
                    "There is nothing to inspect: the lots of %s are not in stock any"
                    " more, or none of its test groups is in force.",
                    ", ".join(self.mapped("name")),
                )
            )
        # a person made them, although no form did
        orders._start_released()
        return self._get_action([("id", "in", orders.ids)])

    def _check_inspect_again(self):
        self._check_group(INSPECTOR)
        self._check_state(["validated"], self.env._("Inspect Again"))
        for order in self:
            following = order.search(
                Domain("former_id", "=", order.id)
                & Domain("state", "not in", DONE_STATES),
                limit=1,
            )
            if following:
                raise UserError(
                    self.env._(
                        "%(order)s is being inspected again already: %(next)s.",
                        order=order.name,
                        next=following.name,
                    )
                )
            if not order._can_be_inspected_again():
                raise UserError(
                    self.env._("%s has no lots to inspect again.", order.name)
                )

    # -- Making ------------------------------------------------------------------------

    def _inspect_again(self):
        """Make the next order of each of these, if their lots are still in stock.

        :return: the new orders
        """
        goods, copies = self._get_goods_again(), self._get_plans_again()
        timetables = {
            (order, one): order._get_timetable_again(copies[order], one)
            for order, found in goods.items()
            for one in found
        }
        tested = self._get_tested_again(timetables)
        vals_list = [
            {
                **order._prepare_again_values(one, timetable),
                "plan_copy_id": copies[order].id,
                "test_group_ids": [(6, 0, tested[order, one].ids)],
            }
            for (order, one), timetable in timetables.items()
            if tested[order, one]
        ]
        self._tell_groupless(tested)
        self._forget_again()
        # sudo: who inspects again makes orders by doing so
        model = trusted(self.sudo().browse()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = untrusted(model.create(vals_list)).with_env(self.env)
        orders._filter_late()._hold_late()
        return orders

    def _prepare_again_values(self, goods, timetable):
        self.ensure_one()
        now = fields.Datetime.now()
        planned = self.date_again or now
        zone = goods.warehouses[:1]._qms_get_zone_info()
        return {
            "event": "again",
            "former_id": self.id,
            "again_number": self.again_next or self.again_number + 1,
            "date_planned": planned,
            "date_due": planned.replace(tzinfo=UTC).astimezone(zone).date(),
            "date_late": bool(timetable and timetable.late_hold)
            and fields.Datetime.add(planned, days=timetable.late_days),
            "product_id": self.product_id.id,
            "lot_ids": [(6, 0, goods.lots.ids)],
            "quantity": goods.quantity,
            "uom_id": self.product_id.uom_id.id,
            "location_id": goods.location.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.filtered("active").id,
            "company_id": self.company_id.id,
            # the lot stays as it is, unless this order fails or is late
            "hold_goods": False,
        }

    def _get_plans_again(self):
        """Return the plan that is in force now for each of these orders."""
        plans = self.env["qms.quality.plan"]
        found = plans._find(
            [
                (order.company_id, order.product_id, order.sudo().plan_copy_id.code)
                for order in self
            ]
        )
        copies = self.env["qms.quality.plan.copy"]
        made = copies._ensure(plans.union(*found))
        return {
            order: made[plan.with_env(self.env)] if plan else copies.sudo()
            for order, plan in zip(self, found, strict=True)
        }

    def _get_groups_again(self):
        """Return the versions in force of what each order tested."""
        roots = {order: order._get_root_groups() for order in self}
        groups = self.env["qms.test.group"].union(*roots.values())
        in_force = groups._get_in_force().grouped(lambda one: one.root_id or one)
        return {
            order: groups.browse().union(
                *(in_force.get(one, one.browse()) for one in root)
            )
            for order, root in roots.items()
        }

    def _get_timetable_again(self, plan_copy, goods):
        """Return the :class:`Timetable` of the plan that is in force now, else of the
        plan that this order was made by."""
        self.ensure_one()
        # sudo: the rules hold for those, too, who may not read them
        plan_copy = plan_copy or self.sudo().plan_copy_id
        return plan_copy._get_timetable(self.product_id, goods.warehouses[:1])

    def _get_tested_again(self, timetables):
        """Return what is tested, in the versions in force: what the timetable says,
        else what the order before tested.

        :param dict timetables: ``{(order, goods): Timetable}``
        :return: ``{(order, goods): qms.test.group}``
        """
        groups = self.env["qms.test.group"]
        former = self._get_groups_again()
        own = {one.test_group_ids for one in timetables.values() if one}
        in_force = {ids: groups.browse(ids)._get_in_force() for ids in own}
        return {
            (order, goods): in_force.get(one and one.test_group_ids) or former[order]
            for (order, goods), one in timetables.items()
        }

    def _tell_groupless(self, tested):
        """Ask for a person, where no version of the test groups is in force."""
        missing = {order for (order, _goods), groups in tested.items() if not groups}
        for order in missing:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=order._get_person_again().id,
                summary=self.env._("Not inspected again"),
                note=self.env._("None of its test groups is in force any more."),
            )

    # -- What there is to inspect ------------------------------------------------------

    def _get_goods_again(self):
        """Return what is inspected after each order: list of :class:`AgainGoods`.

        Lots that were split off go with their lot, unless they have a plan of their
        own.
        """
        lots, places = self._get_lots_again(), self._get_other_places()
        stock = self._get_stock_again(self.env["stock.lot"].union(*lots.values()))
        return {
            order: order._group_again(lots[order], stock, places.get(order, ()))
            for order in self
        }

    def _get_lots_again(self):
        lots = {order: order.lot_ids for order in self}
        parents = self.lot_ids
        # sudo: a job of the system, or of somebody without rights on lots
        while children := parents.sudo().child_lot_ids:
            planned = self.search(
                Domain("lot_ids", "in", children.ids)
                & self._get_planned_domain("!=", False)
            )
            parents = children.sudo(self.env.su) - planned.lot_ids
            for order in self:
                lots[order] |= parents.filtered(
                    lambda lot, order=order: lot.parent_lot_id in lots[order]
                )
        return lots

    def _get_stock_again(self, lots):
        """Return the stock of lots: ``{lot: {location: quantity}}``."""
        # sudo: as above
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", lots.ids),
                    ("location_id.usage", "in", ("internal", "transit")),
                    ("quantity", ">", 0),
                ],
                ["lot_id", "location_id"],
                ["quantity:sum"],
            )
        )
        stock = defaultdict(dict)
        for lot, location, quantity in groups:
            stock[lot.sudo(self.env.su)][location.sudo(self.env.su)] = quantity
        return stock

    def _group_again(self, lots, stock, places):
        """Return what each of the next orders is about: serial numbers together, other
        lots each; all that there is, or each location.

        :param places: locations that are left out
        """
        self.ensure_one()
        by_place = self._is_again_by_place()
        groups = defaultdict(list)
        for lot in lots:
            for location, quantity in stock[lot].items():
                company = location.company_id
                if company and company != self.company_id:
                    # a shared lot: each company inspects what it has
                    continue
                if location in places:
                    continue
                key = (
                    False if self.product_tracking == "serial" else lot,
                    location if by_place else location.browse(),
                )
                groups[key].append((lot, location, quantity))
        return [
            AgainGoods(
                lots=lots.browse().union(*(lot for lot, _l, _q in rows)),
                quantity=sum(quantity for _lot, _l, quantity in rows),
                location=location,
                warehouses=location.union(
                    *(place for _lot, place, _q in rows)
                ).warehouse_id,
            )
            for (_lot, location), rows in groups.items()
        ]

    def _is_again_by_place(self):
        # sudo: the rules hold for those, too, who may not read them
        return self.sudo().plan_copy_id.again_level == "location"

    def _get_other_places(self):
        """Return the locations whose goods of these lots have a plan of their own.

        :return: ``{order: stock.location}``, of orders by location only
        """
        by_place = self.filtered(lambda order: order._is_again_by_place())
        if not by_place:
            return {}
        others = self.search(
            Domain("lot_ids", "in", by_place.lot_ids.ids)
            & Domain("event", "=", "again")
            & (
                self._get_planned_domain("!=", False)
                # what failed there is not inspected again
                | Domain("former_id", "in", by_place.former_id.ids)
            )
        )
        return {
            order: others.filtered(
                lambda other, order=order: order._leaves_out(other)
            ).location_id
            for order in by_place
        }

    def _leaves_out(self, other):
        """Tell whether ``other`` inspects the same lots in its own location."""
        planned = other._get_planned_date() or (
            self.former_id and other.former_id == self.former_id
        )
        return bool(self != other and planned and self.lot_ids & other.lot_ids)
