from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_step import StepCase

START = datetime(2026, 3, 2, 9, 0)


@tagged("post_install", "-at_install")
class TestReinspection(StepCase):
    """Lots in stock are inspected again when the timetable of their plan says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.cron = cls.env.ref("qms_quality.cron_inspect_again")
        cls.warehouse.partner_id = cls.env["res.partner"].create(
            {"name": "Dairy", "tz": "Europe/Brussels"}
        )
        cls.timetable = cls._make_timetable((10, 0, 0), (5, 0, 0))
        cls.plan = cls.env["qms.quality.plan"].create(
            {
                "code": "AGAIN",
                "name": "Again",
                "product_id": cls.product.id,
                "again_auto": True,
                "timetable_ids": [(0, 0, {"timetable_id": cls.timetable.id})],
            }
        )
        cls.rule = cls._rule("receipt")

    @classmethod
    def _make_timetable(cls, *intervals, **vals):
        return (
            cls.env["qms.reinspection.plan"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Ten days, then five",
                    "line_ids": [
                        (0, 0, {"days": days, "hours": hours, "minutes": minutes})
                        for days, hours, minutes in intervals
                    ],
                    **vals,
                }
            )
        )

    def _approve(self, lot="L1", **vals):
        """Receive a lot and pass its inspection, at ``START``; return its order."""
        with freeze_time(START):
            order = self._orders(self._receive([lot], **vals))
            self._inspect(order)
        return order

    def _run(self, moment, limit=None):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _next(self, order):
        return self.env["qms.quality.order"].search([("former_id", "=", order.id)])

    def test_timetable_goes_on(self):
        order = self._approve()
        lot = order.lot_ids
        self.assertEqual(order.date_again, datetime(2026, 3, 12, 9, 0))
        self.assertEqual(lot.qms_next_inspection, order.date_again)
        self._run(datetime(2026, 3, 12, 8, 59))
        self.assertFalse(self._next(order))
        self._run(datetime(2026, 3, 12, 9, 1))
        second = self._next(order)
        self.assertEqual(
            (second.event, second.state, second.again_number, second.quantity),
            ("again", "draft", 1, 10),
        )
        self.assertEqual(second.test_group_ids, order.test_group_ids)
        self.assertEqual(second.plan_copy_id.plan_id, self.plan)
        self.assertEqual(second.date_due, fields.Date.to_date("2026-03-12"))
        self.assertEqual(lot.qms_next_inspection, datetime(2026, 3, 12, 9, 0))
        # the lot stays free meanwhile
        self.assertFalse(self._held(second))
        self.assertEqual(lot.inspection_status_id, self.available)
        self._run(datetime(2026, 3, 20))
        self.assertEqual(self._next(order), second)
        with freeze_time(datetime(2026, 3, 13, 7, 30)):
            self._inspect(second)
        self.assertEqual(second.date_again, datetime(2026, 3, 18, 7, 30))
        self._run(datetime(2026, 3, 18, 8))
        third = self._next(second)
        with freeze_time(datetime(2026, 3, 18, 9)):
            self._inspect(third)
        # the last line goes on
        self.assertEqual(third.date_again, datetime(2026, 3, 23, 9))

    def test_an_order_goes_by_the_timetable_it_was_made_with(self):
        """Whatever becomes of timetable, line and plan, until its next order."""
        with freeze_time(START):
            order = self._orders(self._receive(["L1"]))
        self.timetable.line_ids[0].days = 99
        other = self._make_weight_group("Stability")
        slow = self._make_timetable((15, 0, 0), late_hold=True, late_days=3)
        line = self.plan.timetable_ids.with_user(self.manager)
        line.write({"timetable_id": slow.id, "test_group_ids": other.ids})
        with freeze_time(START):
            self._inspect(order)
        self.assertEqual(order.date_again, START + timedelta(days=10))
        # what comes next is made by the plan that is in force then
        self._run(START + timedelta(days=10))
        second = self._next(order)
        self.assertEqual(second.test_group_ids, other)
        self.assertEqual(second.date_late, START + timedelta(days=13))
        with freeze_time(START + timedelta(days=10)):
            self._inspect(second)
        self.assertEqual(second.date_again, START + timedelta(days=25))

    def test_a_deleted_plan_inspects_once_more(self):
        other = self._make_weight_group("Stability")
        self.plan.timetable_ids.test_group_ids = other
        self.timetable.write({"late_hold": True, "late_days": 2})
        order = self._approve()
        self.assertEqual(
            self.plan._get_delete_warnings(),
            [
                "1 quality orders keep a copy of the plan.",
                "1 quality orders are inspected again once more by its timetables.",
            ],
        )
        self.plan.with_user(self.manager).unlink()
        self.timetable.with_user(self.manager).unlink()
        self._run(START + timedelta(days=11))
        second = self._next(order)
        # no plan is in force: what is tested, and when it is late, is as it was
        self.assertFalse(second.plan_copy_id)
        self.assertEqual(second.test_group_ids, other)
        self.assertEqual(second.date_late, START + timedelta(days=12))
        with freeze_time(START + timedelta(days=11)):
            self._inspect(second)
        self.assertFalse(second.date_again)

    def test_a_plan_that_changes_again_is_copied_again(self):
        """Also where nothing but an interval of its timetable has changed."""
        first, same = self._approve("L1"), self._approve("L2")
        self.assertEqual(first.plan_copy_id, same.plan_copy_id)
        self.timetable.line_ids[0].days = 7
        other = self._approve("L3")
        self.assertNotEqual(first.plan_copy_id, other.plan_copy_id)
        self.assertEqual(other.date_again, START + timedelta(days=7))

    def test_each_company_inspects_what_it_has(self):
        order = self._approve()
        lot = order.lot_ids
        sister = self.env["res.company"].create({"name": "Sister"})
        place = self.env["stock.warehouse"].search([("company_id", "=", sister.id)])
        self.env["stock.quant"].with_company(sister)._update_available_quantity(
            self.product, place.lot_stock_id, 7, lot_id=lot
        )
        self._run(START + timedelta(days=11))
        again = self._next(order)
        self.assertEqual(len(again), 1)
        self.assertEqual(again.quantity, 10)

    def test_stopped_scheduler(self):
        orders = self._approve("L1") | self._approve("L2")
        self._run(datetime(2026, 9, 1))
        following = self._next(orders[0]) | self._next(orders[1])
        self.assertEqual(len(following), 2)
        self.assertEqual(
            set(following.mapped("date_planned")), {datetime(2026, 3, 12, 9, 0)}
        )
        self.assertEqual(set(following.mapped("is_late")), {True})

    def test_resumes_after_a_batch(self):
        orders = self.env["qms.quality.order"]
        for number in range(5):
            orders |= self._approve(f"B{number}")
        with freeze_time(datetime(2026, 4, 1)):
            self.assertEqual(orders._find_due(2, set()), orders[:2])
            orders._find_due(2, set())._inspect_again()
            self.assertEqual(orders._find_due(9, set()), orders[2:])
        self._run(datetime(2026, 4, 1))
        self.assertEqual([len(self._next(order)) for order in orders], [1, 1, 1, 1, 1])

    def test_clocks_change(self):
        """A day is a day where the goods are, an hour is an hour everywhere."""
        self.timetable = self._make_timetable((28, 0, 0))
        self.plan.timetable_ids.timetable_id = self.timetable
        self.inspector.tz = "Asia/Tokyo"
        order = self._approve()
        # 10:00 in Brussels before the clocks change on 29 March, and after
        self.assertEqual(order.date_again, datetime(2026, 3, 30, 8, 0))
        self.plan.timetable_ids.timetable_id = self._make_timetable((0, 28 * 24, 30))
        self.assertEqual(self._approve("L2").date_again, datetime(2026, 3, 30, 9, 30))

    def test_due_on_the_day_of_the_warehouse(self):
        self.warehouse.partner_id.tz = "Pacific/Auckland"
        self.plan.timetable_ids.timetable_id = self._make_timetable((0, 5, 0))
        order = self._approve()
        self._run(datetime(2026, 3, 2, 15))
        # 14:00 in UTC is three in the morning of the next day there
        self.assertEqual(self._next(order).date_due, fields.Date.to_date("2026-03-03"))

    def test_counted_from_manufacture(self):
        self.plan.again_date = "manufactured"
        with freeze_time(START - timedelta(days=12)):
            lot = self._make_lot("OLD")
        lot.invalidate_recordset()
        self.env.cr.execute(
            "UPDATE stock_lot SET create_date = %s WHERE id = %s",
            [START - timedelta(days=12), lot.id],
        )
        lot.invalidate_recordset()
        order = self._approve(lot)
        # ten days were over already; ten and five are not
        self.assertEqual(order.date_again, START + timedelta(days=3))
        self.assertEqual(order.again_next, 2)
        with freeze_time(START + timedelta(days=1)):
            # earlier than planned, and counted as that inspection
            order.with_user(self.inspector).action_inspect_again()
            early = self._next(order)
            self._inspect(early)
        self.assertEqual(early.again_number, 2)
        self.assertEqual(early.date_again, START + timedelta(days=8))

    def test_planned_when_started(self):
        self.plan.again_basis = "release"
        with freeze_time(START):
            order = self._orders(self._receive(["L1"]))
            self.assertFalse(order.date_again)
            order.with_user(self.inspector).action_start()
        self.assertEqual(order.date_again, START + timedelta(days=10))
        self._run(START + timedelta(days=11))
        self.assertFalse(self._next(order))
        with freeze_time(START + timedelta(days=2)):
            self._inspect(order)
        self.assertEqual(order.date_again, START + timedelta(days=12))

    def test_failure_plans_nothing(self):
        order = self._approve()
        self._run(START + timedelta(days=10))
        second = self._next(order)
        self._inspect(second, fail=True)
        self.assertFalse(second.date_again)
        self.assertEqual(second.lot_ids.inspection_status_id, self.on_hold)

    def test_reopened_plans_nothing(self):
        order = self._approve()
        order.with_user(self.manager).action_reopen()
        self.assertFalse(order.date_again)

    def test_cancelled_goes_on(self):
        order = self._approve()
        self._run(START + timedelta(days=10))
        second = self._next(order)
        with freeze_time(START + timedelta(days=10)):
            second.with_user(self.manager).action_cancel()
        self.assertEqual(second.date_again, START + timedelta(days=15))

    def test_late_goes_back_under_inspection(self):
        self.timetable.write({"late_hold": True, "late_days": 2})
        order = self._approve()
        self._run(START + timedelta(days=10))
        second, lot = self._next(order), order.lot_ids
        self.assertEqual(second.date_late, START + timedelta(days=12))
        self._run(START + timedelta(days=11))
        self.assertEqual(lot.inspection_status_id, self.available)
        self._run(START + timedelta(days=12, minutes=1))
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        hold = second.hold_ids
        self.assertEqual(hold.reason, "Inspection is late")
        self._run(START + timedelta(days=13))
        self.assertEqual(second.hold_ids, hold)
        self._inspect(second)
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_late_at_once_after_a_stop(self):
        self.timetable.late_hold = True
        order = self._approve()
        self._run(START + timedelta(days=30))
        self.assertEqual(
            self._held(self._next(order)),
            [(self.under_inspection, order.lot_ids, self.env["stock.location"])],
        )

    def test_each_location(self):
        self.plan.again_level = "location"
        order = self._approve()
        lot = order.lot_ids
        self._transfer(lot, quantity=4).button_validate()
        self._run(START + timedelta(days=10))
        following = self._next(order)
        self.assertEqual(
            {(one.location_id, one.quantity) for one in following},
            {(self.stock, 6), (self.shelf, 4)},
        )
        on_shelf = following.filtered(lambda one: one.location_id == self.shelf)
        self._inspect(on_shelf, fail=True)
        self.assertEqual(self._held(on_shelf), [(self.on_hold, lot, self.shelf)])
        in_stock = following - on_shelf
        with freeze_time(START + timedelta(days=10)):
            self._inspect(in_stock)
        self._run(START + timedelta(days=15))
        self.assertEqual(self._next(in_stock).location_id, self.stock)

    def test_not_when_gone(self):
        order = self._approve()
        delivery = self._picking("outgoing", 10).with_user(self.clerk)
        delivery.action_confirm()
        delivery.action_assign()
        delivery.button_validate()
        self._run(START + timedelta(days=10))
        self.assertFalse(self._next(order) or order.date_again)

    def test_split_lot_goes_along(self):
        order = self._approve()
        lot = order.lot_ids
        child = lot.with_user(self.inspector)._qms_split(3, self.stock)
        self.assertEqual(child.qms_next_inspection, order.date_again)
        self._run(START + timedelta(days=10))
        following = self._next(order)
        self.assertEqual(
            {(one.lot_ids, one.quantity) for one in following}, {(lot, 7), (child, 3)}
        )

    def test_by_hand(self):
        self.plan.again_auto = False
        order = self._approve()
        self._run(START + timedelta(days=10))
        self.assertFalse(self._next(order))
        self.assertEqual(order.lot_ids.qms_next_inspection, order.date_again)
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).action_inspect_again()
        mine = order.with_user(self.inspector)
        action = mine.action_inspect_again()
        second = self._next(order)
        self.assertEqual(action["res_id"], second.id)
        with self.assertRaises(UserError) as error:
            mine.action_inspect_again()
        self.assertEqual(
            str(error.exception),
            f"{order.name} is being inspected again already: {second.name}.",
        )

    def test_orders_of_a_person_start_as_the_plan_says(self):
        self.plan.manual_state = "released"
        order = self._approve()
        order.with_user(self.inspector).action_inspect_again()
        second = self._next(order)
        self.assertEqual((second.state, second.user_id), ("open", self.inspector))
        with freeze_time(START):
            self._inspect(second)
        self._run(START + timedelta(days=5))
        # those that the timetable makes wait
        self.assertEqual(self._next(second).state, "draft")

    def test_without_tests_in_force(self):
        one = self._approve()
        self.small.with_user(self.manager).action_archive()
        self._run(START + timedelta(days=10))
        self.assertFalse(self._next(one))
        self.assertEqual(one.activity_ids.mapped("summary"), ["Not inspected again"])
        self.assertEqual(one.activity_ids.user_id, self.inspector)

    def test_where_nobody_is_left_a_manager_is_told(self):
        one = self._approve()
        self.small.with_user(self.manager).action_archive()
        self.inspector.active = False
        others = self.env.ref("qms_quality.group_quality_manager").all_user_ids
        (others - self.manager).active = False
        self._run(START + timedelta(days=10))
        self.assertEqual(one.activity_ids.user_id, self.manager)

    def test_one_that_fails_stops_no_other(self):
        bad, good = self._approve("L1"), self._approve("L2")
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "UPDATE qms_quality_order SET partner_id = %s WHERE id = %s",
            [self.env["res.partner"].create({"name": "X", "company_id": other.id}).id]
            + bad.ids,
        )
        bad.invalidate_recordset()
        with self.assertLogs("odoo.addons.qms_quality", "WARNING") as logs:
            self._run(START + timedelta(days=10))
        self.assertIn(f"{bad.name}: Not inspected again", logs.output[0])
        self.assertEqual(bad.activity_ids.mapped("summary"), ["Not inspected again"])
        self.assertEqual(len(self._next(good)), 1)
        self.assertFalse(self._next(bad))
        self.assertTrue(bad.date_again)

    def test_a_late_lot_that_cannot_be_held_stops_no_other(self):
        self.timetable.late_hold = True
        orders = self._approve("L1") | self._approve("L2")
        with freeze_time(START + timedelta(days=9)):
            # before their time: they are late when it comes
            orders.with_user(self.inspector).action_inspect_again()
        bad, good = self._next(orders[0]), self._next(orders[1])
        self.env.flush_all()
        # what an addon's constraint refuses is no error of ours
        self.env.cr.execute(
            "ALTER TABLE qms_hold ADD CONSTRAINT test_hold CHECK"
            f" (NOT (res_model = 'qms.quality.order' AND res_id = {bad.id}))"
        )
        for _run in range(2):
            with (
                self.assertLogs("odoo.addons.qms_quality", "WARNING") as logs,
                mute_logger("odoo.sql_db"),
            ):
                self._run(START + timedelta(days=11))
            self.assertIn(f"{bad.name}: Late, and not held", logs.output[0])
        self.assertEqual(good.lot_ids.inspection_status_id, self.under_inspection)
        self.assertEqual(bad.lot_ids.inspection_status_id, self.available)
        # told once, however often it is tried
        self.assertEqual(bad.activity_ids.mapped("summary"), ["Late, and not held"])
        self.assertEqual(bad.activity_ids.user_id, self.inspector)

    def test_many_cost_the_queries_of_one(self):
        """Inspecting lots again, each location by itself, asks nothing per order."""
        self.plan.again_level = "location"
        costs = []
        for names in (["Q1"], [f"R{number}" for number in range(6)]):
            orders = self.env["qms.quality.order"].union(
                *(self._approve(name) for name in names)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertEqual(len(orders._get_goods_again()), len(names))
            costs.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*costs)

    def test_new_version_of_the_tests(self):
        order = self._approve()
        group = self._replace(self.small, {"upper_limit": 5.5})
        self._run(START + timedelta(days=10))
        self.assertEqual(self._next(order).test_group_ids, group)

    def test_own_tests(self):
        other = self._make_weight_group("Stability")
        self.plan.timetable_ids.test_group_ids = other
        order = self._approve()
        self._run(START + timedelta(days=10))
        self.assertEqual(self._next(order).test_group_ids, other)

    def test_narrowest_timetable_counts(self):
        slow = self._make_timetable((90, 0, 0))
        self.plan.timetable_ids = [
            (0, 0, {"timetable_id": slow.id, "warehouse_id": self.warehouse.id})
        ]
        order = self._approve()
        self.assertEqual((order.date_again - START).days, 89)

    def test_search_on_lots(self):
        lot = self._approve().lot_ids
        lots = self.env["stock.lot"].with_user(self.clerk)
        due = lots.search([("qms_next_inspection", "<=", START + timedelta(days=10))])
        self.assertIn(lot, due)
        due = lots.search([("qms_next_inspection", "<=", START + timedelta(days=9))])
        self.assertNotIn(lot, due)
        self.assertNotIn(lot, lots.search([("qms_next_inspection", "=", False)]))
        self.assertIn(lot, lots.search([("qms_next_inspection", "!=", False)]))

    def test_nobody_writes_dates(self):
        order = self._approve()
        with self.assertRaises(AccessError) as error:
            order.with_user(self.manager).date_again = START
        self.assertEqual(
            str(error.exception),
            "These fields of a quality order are set by its buttons only:"
            " Next Inspection.",
        )

    def test_timetable_form(self):
        form = Form(self.env["qms.reinspection.plan"].with_user(self.manager))
        form.name = "Monthly"
        with self.assertRaises(ValidationError) as error:
            form.save()
        self.assertEqual(
            str(error.exception), "Monthly: a timetable needs at least one interval."
        )
        with form.line_ids.new() as line:
            line.days = 30
        timetable = form.save()
        self.assertEqual(timetable.line_ids.display_name, "30 d 0 h 0 min")
        with self.assertRaises(AccessError):
            timetable.with_user(self.inspector).name = "Mine"
