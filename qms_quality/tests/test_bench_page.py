from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import INSPECTOR
from .common_day import DayCase


@tagged("post_install", "-at_install")
class TestBenchPage(DayCase):
    """What the page at the bench asks the server for."""

    def _row(self, order, place, value):
        return {"reading": order.result_ids[place].id, "value": value}

    def test_problems_are_told_by_reading_and_nothing_is_saved(self):
        order = self._order()
        rows = [
            self._row(order, 0, "5"),
            self._row(order, 1, "much"),
            self._row(order, 3, "maybe"),
        ]
        answer = order.record_at_bench(rows)
        self.assertEqual(
            answer,
            {
                "cells": [],
                "problems": {
                    str(
                        order.result_ids[1].id
                    ): "Fat content takes a number, not “much”",
                    str(
                        order.result_ids[3].id
                    ): "Taste takes Pass or Fail, not “maybe”",
                },
            },
        )
        self.assertEqual(self._values(order), {})
        self.assertEqual(order.state, "draft")

    def test_what_is_saved_comes_back_as_cells(self):
        order = self._order()
        answer = order.record_at_bench(
            [self._row(order, 0, "3.9"), self._row(order, 3, "pass")]
        )
        self.assertEqual(answer["problems"], {})
        shown = [
            (cell["result_id"], cell["value"], cell["verdict"])
            for cell in answer["cells"]
        ]
        self.assertEqual(
            shown,
            [
                (order.result_ids[0].id, 3.9, "failed"),
                (order.result_ids[3].id, "pass", "passed"),
            ],
        )

    def test_readings_of_another_order(self):
        order = self._order()
        other = self._receive_order(lots=["L2"]).with_user(self.inspector)
        answer = order.record_at_bench([self._row(other, 0, "5")])
        self.assertEqual(list(answer["problems"]), [str(other.result_ids[0].id)])
        self.assertEqual(self._values(other), {})

    def test_only_inspectors_record(self):
        order = self._order()
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).record_at_bench([self._row(order, 0, "5")])

    def test_rows_of_any_shape(self):
        order = self._order()
        for rows in (None, "rows", 7, {"value": 1}):
            with self.subTest(rows=rows), self.assertRaises(UserError):
                order.record_at_bench(rows)
        for row in (
            None,
            {},
            {"reading": [], "value": 1},
            {"reading": 10**30, "value": 1},
        ):
            with self.subTest(row=row):
                self.assertTrue(order.record_at_bench([row])["problems"])

    def test_orders_of_mine_and_of_all(self):
        mine, nobody, team, strange, other, done = (
            self._order(),
            *(self._receive_order(lots=[f"L{number}"]) for number in range(2, 7)),
        )
        mine.user_id = self.inspector
        (nobody | team | strange | done).user_id = False
        (nobody | done).team_id = False
        teams = self.env["qms.quality.team"]
        team.team_id = teams.create(
            {"name": "Mine", "member_ids": [(4, self.inspector.id)]}
        )
        strange.team_id = teams.create({"name": "Others"})
        other.user_id = self._make_user("qms_other", INSPECTOR)
        done.with_user(self.manager).action_cancel()
        ours = {order.id for order in (mine, nobody, team, strange, other, done)}

        def get_shown(scope):
            cards = self.orders.get_bench_orders(scope)["orders"]
            return {card["id"] for card in cards} & ours

        self.assertEqual(get_shown("mine"), {mine.id, nobody.id, team.id})
        self.assertEqual(get_shown("all"), ours - {done.id})

    def test_query_count_does_not_grow_with_the_orders(self):
        def count_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.orders.get_bench_orders("all")
            return self.env.cr.sql_log_count - before

        self._order()
        count_queries()
        few = count_queries()
        for number in range(10):
            self._receive_order(lots=[f"Q{number}"])
        self.assertLessEqual(count_queries(), few)
