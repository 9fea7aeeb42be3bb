from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from .certified import Certified


class QmsQualityOrder(models.Model):
    """Which readings speak for goods, and the certificate of an order."""

    _inherit = "qms.quality.order"

    qms_certificate_count = fields.Integer(compute="_compute_qms_certificate_count")

    def _compute_qms_certificate_count(self):
        counts = dict(
            self.env["qms.certificate.goods"]._read_group(
                [("order_ids", "in", self.ids)],
                ["order_ids"],
                ["certificate_id:count_distinct"],
            )
        )
        for order in self:
            order.qms_certificate_count = counts.get(order._origin, 0)

    def action_qms_certificate(self):
        """Open the dialog that makes the certificate of this order.

        :raise AccessError: if the user is no inspector
        """
        return self.env["qms.certificate.wizard"]._open(self)

    def action_open_certificates(self):
        """Open the certificates that show readings of these orders."""
        return self.env["qms.certificate"]._open_of([("order_ids", "in", self.ids)])

    # -- Which readings count ----------------------------------------------------------

    @api.model
    def _get_governing_tests(self, lots, company):
        """Return the tests that speak for lots: of each test the newest validated.

        An order whose tests were all done again later says nothing any more. One that
        repeats only some leaves the others standing.

        :param lots: ``stock.lot``
        :param company: ``res.company`` that tested them
        :return: ``{lot: qms.quality.order.test}``
        """
        orders = self._get_orders_of(
            lots, [("state", "=", "validated"), ("company_id", "=", company.id)]
        )
        return {lot: orders[lot]._get_newest_tests() for lot in lots}

    @api.model
    def _get_orders_of(self, lots, domain):
        """Return the orders about lots, or about what they were split from later.

        :param lots: ``stock.lot``
        :param domain: which orders
        :return: ``{lot: orders}``, the last validated first
        """
        family = lots._qms_with_parents()
        # sudo: which order counts doesn't depend on who asks
        found = self.sudo().search(Domain(domain) & Domain("lot_ids", "in", family.ids))
        by_lot = defaultdict(found.browse)
        for order in found:
            for lot in order.lot_ids:
                by_lot[lot] |= order
        return {
            lot: lot._qms_inherit_orders(by_lot).sorted(
                lambda order: (order.date_validated or datetime.max, order.id),
                reverse=True,
            )
            for lot in lots
        }

    def _get_newest_tests(self):
        """Return the tests of these orders, the newest first, without repeated ones."""
        tests, known = self.test_ids.browse(), self.test_ids.test_id.browse()
        for order in self:
            # what was left out says nothing, and takes nothing back
            read = order.test_ids._filter_read()
            tests |= read.filtered(lambda one, k=known: one.test_id not in k)
            known |= read.test_id
        return tests

    @api.model
    def _get_failed_untested(self, lots, company):
        """Return orders that failed lots without a test, by counted defects.

        No reading speaks against these goods; the last that was said of them does.

        :param lots: ``stock.lot``
        :param company: ``res.company`` that inspected them
        """
        orders = self._get_orders_of(
            lots, [("state", "=", "validated"), ("company_id", "=", company.id)]
        )
        newest = self.browse().union(*(orders[lot][:1] for lot in lots)).sudo()
        return newest.filtered(
            lambda order: (
                order.verdict == "failed" and not order.test_ids._filter_read()
            )
        )

    def _has_failed(self, governing):
        """Tell whether this order speaks against its goods.

        :param governing: the tests that count; a failure that was tested again doesn't
        """
        self.ensure_one()
        if self.verdict == "passed":
            return False
        failed = self.test_ids.filtered(
            lambda one: one.verdict == "failed" and one._counts()
        )
        return not failed or bool(failed & governing)

    # -- What the certificate of an order is about -------------------------------------

    def _qms_get_certified(self):
        """Return what a certificate of this order speaks of: :class:`Certified`."""
        self.ensure_one()
        return [
            Certified(
                self.product_id, self.lot_ids, self.test_ids, self.quantity, self.uom_id
            )
        ]

    def _qms_get_certificate_problems(self):
        """Return why this order gets no certificate, a line each."""
        self.ensure_one()
        if self.state != "validated":
            return [self.env._("%s: not validated yet", self._get_name_and_state()[0])]
        problems = []
        if not self.lot_ids:
            holds = self._qms_get_certificate_holds()
            problems = [hold._get_reason_text() for hold in holds]
        newer = self._get_newer_orders()
        if newer:
            problems.append(
                self.env._(
                    "%(order)s: tested again since, in %(newer)s. Make the certificate"
                    " of the lot.",
                    order=self.name,
                    newer=", ".join(newer.mapped("name")),
                )
            )
        return problems

    def _qms_get_certificate_holds(self):
        """Return the open holds that keep goods without a lot from a certificate.

        Those of these orders, and those on the product where it was inspected.
        """
        # sudo: whether goods are held doesn't depend on who asks
        orders = self.sudo()
        quants = self.env["stock.quant"].sudo()
        for order in orders.filtered("location_id"):
            quants |= quants.search(
                [
                    ("product_id", "=", order.product_id.id),
                    ("location_id", "child_of", order.location_id.id),
                    ("lot_id", "=", False),
                ]
            )
        holds = self.env["qms.hold"].sudo()
        placed = holds._search_open(self._name, self.ids)
        holds |= placed.union(*holds._get_covering(quants._qms_get_goods()))
        return holds.filtered("blocked_types")

    def _get_newer_orders(self):
        """Return the orders that did tests of this one again."""
        governing = self._get_governing_tests(self.lot_ids, self.company_id)
        newer = self.browse()
        for tests in governing.values():
            again = (self.test_ids._filter_read() - tests).test_id
            newer |= tests.filtered(lambda one, a=again: one.test_id in a).order_id
        return newer - self
