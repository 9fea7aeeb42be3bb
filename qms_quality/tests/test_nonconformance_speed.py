import time

from odoo.tests import tagged
from odoo.tools import SQL

from .common_case import NonconformanceCase

LIST = {
    "name": {},
    "subject": {},
    "severity": {},
    "type": {},
    "product_id": {"fields": {"display_name": {}}},
    "lot_ids": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
    "date_deadline": {},
    "tag_ids": {"fields": {"display_name": {}, "color": {}}},
    "state": {},
    "activity_ids": {"fields": {}},
}


@tagged("post_install", "-at_install")
class TestNonconformanceSpeed(NonconformanceCase):
    """Queries don't grow with the number of cases or orders."""

    def _make_many(self, count):
        """Insert cases the way a busy year leaves them: most of them closed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_nonconformance (name, subject, state, type, severity,
                       product_id, uom_id, partner_id, user_id, company_id, quantity,
                       date_opened, date_deadline, hold_goods)
                   SELECT 'NC/X/' || i, 'Weight', (ARRAY['closed', 'investigation',
                              'closed', 'disposition'])[1 + i %% 4],
                          'supplier',
                          (ARRAY['1_minor', '2_major', '3_critical'])[1 + i %% 3],
                          %s, %s, %s, %s, %s, 5, now(), current_date + i %% 90, TRUE
                     FROM generate_series(1, %s) i RETURNING id""",
                self.product.id,
                self.product.uom_id.id,
                self.partner.id,
                self.inspector.id,
                self.company.id,
                count,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        lot = self._make_lot("MANY")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO qms_nonconformance_lot_rel (nonconformance_id, lot_id)"
                " SELECT unnest(%s), %s",
                ids,
                lot.id,
            )
        )
        self.env.invalidate_all()
        return ids

    def _open_list(self, domain, user=None, limit=80):
        """Open the list as the web client does; return rows, queries, seconds."""
        cases = self.Case.with_user(user or self.inspector)
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.perf_counter()
        found = cases.web_search_read(
            domain, LIST, limit=limit, count_limit=10001, order=""
        )
        return (
            found["records"],
            self.env.cr.sql_log_count - before,
            time.perf_counter() - start,
        )

    def test_list_of_50_000_cases(self):
        self._make_many(50000)
        self.env.cr.execute("ANALYZE qms_nonconformance")
        todo = [("state", "not in", ("closed", "cancelled"))]
        for domain in (todo, []):
            self._open_list(domain)
            few = self._open_list(domain, limit=10)
            many = self._open_list(domain, limit=80)
            self.assertEqual((len(few[0]), len(many[0])), (10, 80))
            self.assertEqual(few[1], many[1])
            self.assertLess(many[1], 25)
            self.assertLess(many[2], 1)

    def test_groups_of_50_000_cases(self):
        self._make_many(50000)
        cases = self.Case.with_user(self.inspector)
        self.env.invalidate_all()
        start = time.perf_counter()
        groups = cases.web_read_group([], ["state"], ["__count"])
        self.assertGreaterEqual(sum(g["__count"] for g in groups["groups"]), 50000)
        self.assertLess(time.perf_counter() - start, 1)

    def _count_failures(self, count, opening):
        """Return the queries that validating failed orders takes."""
        self.company.qms_open_cases = opening
        picking = self._receive(
            lots=[f"{opening}-{count}-{i}" for i in range(count)], quantity=1
        )
        orders = self._orders(picking)
        for order in orders:
            self._fill(order, fail=True)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders.with_user(self.inspector).action_validate()
        self.env.flush_all()
        self.assertEqual(len(orders.case_ids), count * opening)
        return self.env.cr.sql_log_count - before

    def test_opening_cases_costs_the_same_for_many_orders(self):
        self._associate(self._make_weight_group(), product_ids=self.product.ids)
        for opening in (False, True):
            self._count_failures(2, opening)
        plain = {n: self._count_failures(n, False) for n in (5, 25)}
        cases = {n: self._count_failures(n, True) for n in (5, 25)}
        extra = {n: cases[n] - plain[n] for n in (5, 25)}
        self.assertLess(extra[25] - extra[5], 20)
