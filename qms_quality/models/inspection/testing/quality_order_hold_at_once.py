from odoo import models


class QmsQualityOrder(models.Model):
    """The first failure holds the goods: nobody waits for the validation."""

    _inherit = "qms.quality.order"

    def _record_readings(self, date):
        res = super()._record_readings(date)
        self._hold_at_once()
        return res

    def _hold_at_once(self):
        """Put on hold what still waits for inspection, of orders that can't pass."""
        failures = {order: why for order in self if (why := order._get_fatal_text())}
        if not failures:
            return
        status = self.env.ref("qms_quality.status_on_hold")
        orders = self.browse([order.id for order in failures])
        held = self.env["qms.hold"]._search_open(self._name, orders.ids)
        waiting = held.filtered(lambda h: h.status_id == self._get_waiting_status())
        reasons = {
            order: (status, failures[order])
            for order in orders & self.browse(waiting.mapped("res_id"))
        }
        if reasons:
            fallen = self.browse([order.id for order in reasons])
            fallen._replace_holds(reasons, self.env._("A required reading failed"))

    def _get_fatal_text(self):
        """Return why the order can't pass any more, empty as long as it can."""
        failed = self._get_fatal_results()
        return self._get_first_failure_text(failed) if failed else ""

    def _get_fatal_results(self):
        """Return the readings that make the order fail."""
        return self.result_ids.filtered(
            lambda result: (
                result.verdict == "failed"
                and result.required
                and result.test_line_id._counts()
            )
        )

    def _get_first_failure_text(self, results):
        first = results.sorted(lambda one: (one.recorded_on or one.write_date, one.id))
        return self.env._(
            "Reading failed: %(reading)s: %(value)s (%(limits)s)",
            reading=first[0].display_name,
            value=first[0]._get_value_text(),
            limits=first[0].limits,
        )
